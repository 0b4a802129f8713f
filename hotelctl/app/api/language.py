"""The language of a page: what the reader's browser asks for, else the hotel's, else English.

The texts stand in translations/, one file a language; a page that is not translated is English and says so.
"""

import tomllib
from functools import cache
from pathlib import Path

from fastapi import Request

from hotelctl.app.domain.assistant.language import ENGLISH, LANGUAGES, known_language

_DIRECTORY = Path(__file__).with_name("translations")
_MOST_ASKED = 20


class Texts:
    """The fixed texts of one language: `t("chat.room", room="204")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        with (_DIRECTORY / f"{language}.toml").open("rb") as file:
            self.sections: dict[str, dict[str, str]] = tomllib.load(file)

    def __call__(self, key: str, **values: object) -> str:
        """The text with its values. Raises KeyError for one that no page has."""
        section, name = key.split(".")
        return self.sections[section][name].format(**values)


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language that pages speak."""
    return Texts(language)


def texts_for(request: Request, locale: str | None = None) -> Texts:
    """The texts for who asks, in a hotel of this locale."""
    return texts_in(_asked(request) or known_language(locale or ENGLISH))


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
