"""The fixed texts of pages and mails, the same in each language.

They stand in api/translations/, a directory for each language with a file for each area. Where a language
says one thing otherwise than many, the text is a table: `{ one = ..., other = ... }`.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from markupsafe import escape

from hotelctl.app.domain.assistant.language import ENGLISH, known_language

_DIRECTORY = Path(__file__).parents[1] / "api" / "translations"
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

    def word(self, key: str, index: int) -> str:
        """One word of a text that lists some: `t.word("clock.months", 0)`."""
        return self(key).split()[index]

    def known(self, key: str, otherwise: str) -> str:
        """The text, or `otherwise` where there is none of this key."""
        section, name = key.split(".", 1)
        return self(key) if name in self.sections[section] else otherwise

    def number(self, value: float, digits: int = 0) -> str:
        """The number with its decimals."""
        return f"{value:.{digits}f}".replace(".", self("number.decimal"))


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language that pages and mails speak."""
    return Texts(language)


def texts_of(*locales: str | None) -> Texts:
    """The texts for the first of the locales that is told at all, else English ones."""
    return texts_in(known_language(next((locale for locale in locales if locale), ENGLISH)))
