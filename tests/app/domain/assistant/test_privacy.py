"""What is another person's affair, and what only names a room, a price or a thing."""

import pytest

from hotelctl.app.domain.assistant.privacy import asks_about_others
from hotelctl.app.domain.assistant.wording import fold


@pytest.mark.parametrize(
    "text",
    [
        "Who booked room 12?",
        "Has the guest from 204 left?",
        "Can you give me the number of the lady in 305?",
        "Room of Mr Tanaka please",
        "Did my wife check in with another man?",
        "Wer hat Zimmer 12 gebucht?",
        "Hat der Gast aus 204 schon ausgecheckt?",
        "Die Nummer der Dame in 305, bitte",
        "Hat meine Frau hier eingecheckt?",
        "Zimmernummer von Herrn Tanaka bitte",
        "Qui a réservé la chambre 12 ?",
        "Le client de la 204 est-il parti ?",
        "Ma femme est-elle ici ?",
        "La chambre de Monsieur Tanaka s'il vous plaît",
        "¿Quién ha reservado la habitación 12?",
        "¿Se ha ido el huésped de la 204?",
        "¿Ha llegado mi mujer?",
        "La habitación del señor Tanaka, por favor",
        "Chi ha prenotato la camera 12?",
        "È partito l'ospite della 204?",
        "La camera del signor Tanaka, per favore",
        "È arrivata mia moglie?",
        "Which room is John Smith in?",
        "What did the guest in 12 order?",
    ],
)
def test_a_question_with_a_person_in_it_is_known(text: str) -> None:
    assert asks_about_others(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "What room is breakfast served in?",
        "In welchem Zimmer ist das Frühstück?",
        "dans quelle chambre est le spa?",
        "Is the pool staying open late?",
        "What did the room cost?",
        "What does the guest wifi cost?",
        "When is breakfast?",
        "Can I smoke on the balcony?",
        "Is my room on the second floor?",
        "Do other guests use the pool at night?",
        "A room for my wife and me please",
        "Can my husband check in early?",
        "What is the number of the reception?",
        "Die anderen Gäste sind sehr laut",
        "Les autres clients sont bruyants",
        "Quelle chambre a un balcon ?",
        "¿En qué habitación está el desayuno?",
        "¿Qué habitación tiene balcón?",
        "In quale stanza è la colazione?",
        "Quale camera ha il balcone?",
        "Welches Zimmer hat einen Balkon?",
        "Who is in charge of room service?",
        "Which room has a bathtub?",
        "What time is check-in for the guest rooms?",
        "Was kostet das Gäste-WLAN?",
        "Les gens de la chambre 12 font trop de bruit",
        "The people in room 12 are very loud",
        "Is the guest laundry in the basement?",
        "Gli altri ospiti sono rumorosi",
        "Los otros huéspedes hacen ruido",
        "Is breakfast included for my wife?",
        "Hat mein Mann Zugang zum Spa?",
    ],
)
def test_a_room_a_price_or_a_thing_is_nobody_s_secret(text: str) -> None:
    assert not asks_about_others(fold(text))
