"""A guess at the language of a short text, from the small words each language cannot do without."""

from typing import Final

from hotelctl.app.domain.assistant.wording import words

ENGLISH: Final = "en"
_WORDS = {
    "en": (
        "no yes the is are what when where which how do does you have can could i my me we please a an of to"
        " in for and it there any not need want with at would this that your get towels breakfast room"
    ),
    "de": (
        "der die das ist sind was wann wo welche wie haben sie kann konnen ich mein wir bitte ein eine von zu"
        " im fur und es gibt nicht brauche mit um wurde dieser ihr mir uns zimmer auf den dem wird bei"
        " gern mochte funktioniert kein keine fruhstuck handtucher kaputt hallo danke"
    ),
    "fr": (
        "le la les est sont que quoi quand ou quel quelle comment avez vous puis je mon ma nous un une de du"
        " des pour et il y pas besoin avec dans ce cette votre chambre au aux s'il plait peut on a-t-il"
        " c'est est-ce bonjour merci petit dejeuner serviettes voudrais ne l d heure sur"
    ),
    "es": (
        "el la los las es son que cuando donde cual como hay tiene tienen puedo mi nosotros un "
        "una de del para"
        " y no necesito con en este esta su habitacion por favor al se hora hola gracias desayuno"
        " toallas funciona quiero quisiera a pueden mas esta cuanto"
    ),
    "it": (
        "il lo la gli le e sono che cosa quando dove quale come c'e avete posso mio mia noi un una no di del"
        " della per non ho bisogno con in questo questa camera al si ora ciao grazie colazione"
        " asciugamani funziona vorrei potete favore piu quanto ce"
    ),
}
_MARKS = {language: frozenset(marks.split()) for language, marks in _WORDS.items()}
LANGUAGES: tuple[str, ...] = tuple(_MARKS)


def guess_language(text: str, default: str = ENGLISH) -> str:
    """The language with the most of its marks in the text; `default` on a tie or without any mark."""
    found = words(text)
    counts = {language: sum(word in marks for word in found) for language, marks in _MARKS.items()}
    best = max(counts.values())
    leaders = [language for language, count in counts.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else default


def known_language(locale: str) -> str:
    """The language of a locale such as de-AT, if the assistant speaks it, else English."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH
