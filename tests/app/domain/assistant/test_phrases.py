import string

import pytest

from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.assistant.phrases import _SENTENCES, Say, say, topic_title


def _fields(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence)} - {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    for sentence in Say:
        assert _fields(_SENTENCES[language][sentence]) == _fields(_SENTENCES["en"][sentence])
    assert set(_SENTENCES[language]) == set(Say)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert say(Say.GREETING, "pt") == say(Say.GREETING, "en")


def test_a_guest_reads_the_topic_in_the_own_language_with_its_count() -> None:
    assert topic_title("towels", "de", "Towels (2)") == "Handtücher (2)"
    assert topic_title("towels", "en", "Towels (2)") == "towels (2)"
    assert topic_title("handoff", "en", "Question the assistant could not answer") == "your question"
