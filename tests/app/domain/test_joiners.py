"""A joiner counts where a reader sees what it does, and nowhere else."""

import unicodedata

import pytest

from hotelctl.app.domain.joiners import ZWJ, ZWNJ, Effect, only

_SEEN = {
    "Persian, parted": f"علی{ZWNJ}رضا",
    "Persian, parted over a mark": f"ی\N{ARABIC HAMZA ABOVE}{ZWNJ}ر",
    "Arabic, reaching out": f"گ{ZWJ}.",
    "Hindi, half a letter": f"क्{ZWJ}ष",
    "Hindi, parted": f"श्{ZWNJ}र",
    "Sinhala": f"ශ්{ZWJ}රී",
    "Bengali, before the virama": f"র{ZWJ}্য",
}
_IDLE = {
    "after a letter that joins nothing": f"رضا{ZWNJ}زاده",
    "between letters that join anyway": f"عل{ZWJ}ی",
    "at the end": f"علی{ZWNJ}",
    "after a virama at the end": f"श्{ZWNJ}",
}
_STRAY = {
    "Latin": f"K{ZWJ}im",
    "at the beginning": f"{ZWNJ}علی",
    "twice": f"علی{ZWNJ}{ZWNJ}رضا",
    "alone": ZWJ,
    "before a virama on nothing": f"1{ZWJ}्",
    "Hebrew": f"א{ZWNJ}ב",
}


@pytest.mark.parametrize("text", _SEEN.values(), ids=_SEEN)
def test_one_that_is_seen_stays(text: str) -> None:
    assert only(text, Effect.SEEN) == text
    assert only(text, Effect.STRAY, Effect.IDLE) == text.replace(ZWNJ, "").replace(ZWJ, "")


@pytest.mark.parametrize("text", _IDLE.values(), ids=_IDLE)
def test_one_that_changes_nothing_is_known_as_such(text: str) -> None:
    assert only(text, Effect.IDLE) == text
    assert only(text, Effect.SEEN, Effect.STRAY) == text.replace(ZWNJ, "").replace(ZWJ, "")


@pytest.mark.parametrize("text", _STRAY.values(), ids=_STRAY)
def test_one_that_has_no_business_there_is_known_as_such(text: str) -> None:
    kept = only(text, Effect.STRAY)
    assert any(sign in kept for sign in (ZWNJ, ZWJ))
    assert only(text, Effect.SEEN) != text


def test_texts_without_any_are_as_they_were() -> None:
    text = unicodedata.normalize("NFC", "José 山田\u202e علی")
    assert only(text) == text
