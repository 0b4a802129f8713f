"""Texts for people in files of translations: under the name `password` stands what a page says of it."""

import re
import unicodedata

_PLACES = frozenset(
    {
        "i18n",
        "intl",
        "l10n",
        "lang",
        "langs",
        "language",
        "languages",
        "lc_messages",
        "locale",
        "locales",
        "messages",
        "translation",
        "translations",
    }
)
# gettext, Flutter, XLIFF, .NET, Apple, Fluent; Android's and Java's by their names.
_FILE = re.compile(
    r"\.(?:po|pot|arb|xlf|xliff|resx|strings|ftl)$|(?:^|/)values(?:-[\w-]+)?/strings\.xml$"
    r"|(?:^|/)messages(?:_\w+)?\.properties$",
    re.IGNORECASE,
)
# What a program puts into a text, and how it is set.
_FILLED_IN = re.compile(r"\{\{?[\w .,|]*\}?\}|%\(?\w*\)?[sd]|%\d?\$?[@sd]|</?\w+ ?/?>")
_AROUND = "\"'.,;:!?()[]/&-–—…“”„«»‘’¡¿。、，：；！？（）「」*"  # noqa: RUF001 - signs of many scripts
_INSIDE = re.compile(r"['’-]")  # noqa: RUF001 - same
_LONGEST_NUMBER = 4


def is_translation(path: str) -> bool:
    """Whether the file holds texts in one of several languages, by where it stands or how it is called."""
    return bool(_FILE.search(path)) or not _PLACES.isdisjoint(path.lower().split("/")[:-1])


def is_text(value: str) -> bool:
    """Whether `value` is made of words alone, as a person reads them."""
    words = [word.strip(_AROUND) for word in _FILLED_IN.sub(" ", value).split()]
    said = [word for word in words if word]
    return any(map(_is_word, said)) and all(_is_word(word) or _is_number(word) for word in said)


def _is_word(word: str) -> bool:
    return all(part and _is_of_letters(part) for part in _INSIDE.split(word))


def _is_of_letters(part: str) -> bool:
    """Letters and what stands above them, small or all large or after one large: none at random."""
    letters = all(unicodedata.category(sign)[0] in "LM" for sign in part)
    return letters and (part[1:] == part[1:].lower() or part == part.upper())


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) <= _LONGEST_NUMBER
