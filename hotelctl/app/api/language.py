"""The language of a page: what the reader's browser asks for, else the hotel's, else English."""

from typing import Literal

from fastapi import Request

from hotelctl.app.domain.assistant.language import ENGLISH, LANGUAGES, known_language
from hotelctl.app.domain.texts import Texts, texts_in

Language = Literal["en", "de", "fr", "es", "it"]
_NAMES = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian"}
_MOST_ASKED = 20


def languages(t: Texts) -> dict[str, str]:
    """The languages that pages and mails speak, as a form shows them."""
    return {language: t(f"language.{name}") for language, name in _NAMES.items()}


def own_languages(t: Texts) -> dict[str, str]:
    """The same for one person, and first the hotel's, which the person has who chose none."""
    return {"": t("people.locale_of_hotel")} | languages(t)


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
