import string

import pytest

from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.assistant.phrases import _SENTENCES, Say, say, shown_title, topic_title


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


@pytest.mark.parametrize(
    ("topic", "language", "title", "shown"),
    [
        ("towels", "de", "Towels (2)", "Handtücher (2)"),
        ("towels", "en", "Towels (2)", "Towels (2)"),
        ("fault", "en", "AC drips on the TV", "Something in your room is not in order"),
        ("", "fr", "AC drips on the TV", "AC drips on the TV"),
        ("", "en", "AC drips on the TV", "AC drips on the TV"),
    ],
)
def test_a_title_that_stands_by_itself_begins_large_and_keeps_its_capitals(
    topic: str, language: str, title: str, shown: str
) -> None:
    assert shown_title(topic, language, title) == shown
