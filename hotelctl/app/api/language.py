"""The language of a page: what the reader's browser asks for, else the hotel's, else English.

The texts stand in translations/, a directory for each language with a file for each area. Where a language
says one thing otherwise than many, the text is a table: `{ one = ..., other = ... }`.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fastapi import Request
from markupsafe import escape

from hotelctl.app.domain.assistant.language import ENGLISH, LANGUAGES, known_language

_DIRECTORY = Path(__file__).with_name("translations")
_MOST_ASKED = 20
# Languages that say nought of a thing as they say one.
_NOUGHT_IS_ONE = frozenset({"fr"})
Forms = dict[str, str]


class Texts:
    """The fixed texts of one language: `t("chat.room", room="204")`, `t("login.wait", n=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.sections: dict[str, dict[str, str | Forms]] = {}
        for path in sorted((_DIRECTORY / language).glob("*.toml")):
            with path.open("rb") as file:
                self.sections |= tomllib.load(file)

    def __call__(self, key: str, **values: object) -> str:
        """The text with its values; `n` chooses its form. Raises KeyError for a text that no page has.

        Where a value is HTML, the whole is: what is none is escaped.
        """
        section, name = key.split(".", 1)
        found = self.sections[section][name]
        text = found if isinstance(found, str) else found[self._form(values["n"])]
        if any(hasattr(value, "__html__") for value in values.values()):
            return escape(text).format(**values)
        return text.format(**values)

    def _form(self, count: object) -> str:
        return "one" if count == 1 or (count == 0 and self.language in _NOUGHT_IS_ONE) else "other"

    def choices(self, section: str, values: Iterable[str]) -> dict[str, str]:
        """Values with what they are called, in their order, as a form offers them."""
        return {value: self(f"{section}.{value}") for value in values}

    def known(self, key: str, otherwise: str) -> str:
        """The text, or `otherwise` where there is none of this key."""
        section, name = key.split(".", 1)
        return self(key) if name in self.sections[section] else otherwise

    def number(self, value: float, digits: int = 0) -> str:
        """The number with its decimals."""
        return f"{value:.{digits}f}".replace(".", self("number.decimal"))


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language that pages speak."""
    return Texts(language)


def texts_for(request: Request, locale: str | None = None) -> Texts:
    """The texts for who asks, in a hotel of this locale, or in that of who is known to be inside."""
    hotels = locale or getattr(request.state, "locale", None) or ENGLISH
    return texts_in(_asked(request) or known_language(hotels))


def _asked(request: Request) -> str | None:
    """The language that the browser likes best of those that we speak."""
    wishes = request.headers.get("Accept-Language", "").split(",")[:_MOST_ASKED]
    ranked = sorted((_wish(wish) for wish in wishes), key=lambda found: -found[1])
    return next((language for language, weight in ranked if weight > 0 and language in LANGUAGES), None)


def _wish(text: str) -> tuple[str, float]:
    """Language and weight of one entry such as `de-AT;q=0.8`."""
    tag, _, weight = text.partition(";")
    language = tag.strip().split("-")[0].lower()
    try:
        return language, float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return language, 0.0
