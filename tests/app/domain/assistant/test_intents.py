import pytest

from hotelctl.app.domain.assistant.intents import MAX_ACTIONS, read_intent
from hotelctl.app.domain.assistant.wishes import MESSAGE


@pytest.mark.parametrize(
    ("text", "category", "title"),
    [
        ("2 towels please", "housekeeping", "Towels (2)"),
        ("Can you bring us two more pillows?", "housekeeping", "Bedding (2)"),
        ("Please clean my room", "housekeeping", "Room cleaning"),
        ("I need some toilet paper", "amenity", "Toiletries"),
        ("The AC is broken", "maintenance", "Something is not in order"),
        ("Water is coming through the ceiling", "maintenance", "Something is not in order"),
        ("Water is pouring through the ceiling", "maintenance", "Something is not in order"),
        ("Can you fix the lamp?", "maintenance", "Something is not in order"),
        ("bed bugs", "housekeeping", "Pests in the room"),
        ("I'm locked out", "access", "Locked out of the room"),
        ("Wir haben uns ausgesperrt", "access", "Locked out of the room"),
        ("The people next door are very loud", "maintenance", "Noise"),
        ("There are no more towels in the room", "housekeeping", "Towels"),
        ("Please bring no more than 2 towels", "housekeeping", "Towels (2)"),
        ("I don't want to complain but the shower is broken", "maintenance", "Something is not in order"),
        ("I want to complain about the service", "complaint", "Complaint"),
        ("I lost my phone", "lost_item", "Lost item"),
        ("I'd like a late check-out", "late_checkout", "Late check-out"),
        ("taxi", "concierge", "Taxi"),
        ("Please wake me up at 6", "concierge", "Wake-up call"),
        ("Kann ich bitte drei Handtücher haben?", "housekeeping", "Towels (3)"),
        ("La douche ne marche pas", "maintenance", "Something is not in order"),
        ("Necesito una almohada más, por favor", "housekeeping", "Bedding"),
        ("Il condizionatore non funziona", "maintenance", "Something is not in order"),
    ],
)
def test_a_wish_goes_to_its_department(text: str, category: str, title: str) -> None:
    intent = read_intent(text)
    assert [(wish.category, wish.title) for wish in intent.wishes] == [(category, title)]
    assert not intent.is_question


@pytest.mark.parametrize(
    "text",
    [
        "Where can I get towels at the pool?",
        "Is late check-out possible?",
        "How much is a taxi to the airport?",
        "Do you have a hair dryer?",
        "Gibt es einen Föhn im Zimmer?",
        "Could I get a late check-out, and what does it cost?",
    ],
)
def test_a_question_about_a_thing_wants_an_answer_first(text: str) -> None:
    intent = read_intent(text)
    assert intent.is_question
    assert intent.wishes


@pytest.mark.parametrize(
    "text", ["The towels here are wonderful, we love them", "We came by taxi from the station"]
)
def test_a_mention_is_no_wish(text: str) -> None:
    assert read_intent(text).wishes == ()


def test_no_more_than_two_wishes_and_faults_first() -> None:
    wishes = read_intent("I want to complain, my phone is missing, the shower is broken, bring towels").wishes
    assert len(wishes) == MAX_ACTIONS
    assert wishes[0].category == "maintenance"


@pytest.mark.parametrize(
    "text",
    [
        "Please do not clean my room today",
        "Please do not disturb",
        "I don't need towels, thanks",
        "No more towels please",
        "Cancel the taxi please",
        "Bitte heute nicht putzen",
        "Ich brauche keine Handtücher",
        "Bitte stornieren Sie das Taxi",
        "Je n'ai pas besoin de serviettes",
        "Annulez le taxi s'il vous plaît",
        "No necesito toallas",
        "Por favor no limpien la habitación",
        "Non ho bisogno di asciugamani",
        "Annullate il taxi",
    ],
)
def test_what_is_turned_down_is_a_message_and_no_wish(text: str) -> None:
    assert read_intent(text).wishes == (MESSAGE,)


def test_what_is_wanted_beside_it_stays_a_wish() -> None:
    wishes = read_intent("Please do not clean my room today and bring 2 towels").wishes
    assert [wish.topic for wish in wishes] == ["towels", "message"]


def test_what_is_beyond_the_limit_is_known_as_left_out() -> None:
    intent = read_intent("2 towels and fix the lamp and call a taxi")
    assert [wish.topic for wish in intent.wishes] == ["fault", "taxi"]
    assert [wish.topic for wish in intent.left_out] == ["towels"]


def test_a_thing_that_is_broken_and_brought_anew_is_one_wish() -> None:
    assert [wish.topic for wish in read_intent("The kettle is broken, bring a new one").wishes] == ["fault"]


def test_a_price_is_asked_for() -> None:
    assert read_intent("What's 2 towels cost?").asks_price
    assert not read_intent("2 towels please").asks_price


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yes",
            "Yes, please!",
            "ja bitte",
            "oui",
            "sí",
            "va bene",
            "ok 👍",
            "👍",
            "of course",
            "absolutely",
        ),
        *("Yes. Room 305", "Natürlich!", "bien sûr", "por supuesto", "esatto"),
    ],
)
def test_a_yes_is_a_yes(text: str) -> None:
    assert read_intent(text).is_yes


def test_a_yes_with_more_behind_it_is_none() -> None:
    assert not read_intent("yes but when is breakfast").is_yes
    assert read_intent("no thanks").is_no
    assert read_intent("Guten Morgen!").is_greeting


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a real person",
        "Ich möchte mit einem Menschen sprechen",
        "Je veux parler à quelqu'un",
        "Quiero hablar con una persona",
        "Vorrei parlare con qualcuno",
    ],
)
def test_the_call_for_a_person_is_heard(text: str) -> None:
    assert read_intent(text).wants_person
