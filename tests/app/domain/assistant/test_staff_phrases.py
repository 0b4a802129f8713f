import string

import pytest

from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.assistant.staff_phrases import _SENTENCES, _WORDS, Tell, state, tell
from hotelctl.app.domain.tickets import Priority, TicketStatus
from hotelctl.app.domain.work_orders import WorkOrderStatus


def _fields(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence)} - {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_everything_with_the_same_values(language: str) -> None:
    assert set(_SENTENCES[language]) == set(Tell)
    for sentence in Tell:
        assert _fields(_SENTENCES[language][sentence]) == _fields(_SENTENCES["en"][sentence])


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_what_staff_is_told_of_has_words_in_every_language(language: str) -> None:
    shown = {*TicketStatus, *Priority, WorkOrderStatus.OPEN, WorkOrderStatus.IN_PROGRESS}
    assert {code.lower() for code in shown} == set(_WORDS[language])


def test_an_unknown_language_is_told_in_english() -> None:
    assert tell(Tell.NO_SUCH_TICKET, "pt") == "There is no such ticket."
    assert state("IN_PROGRESS", "HIGH", "pt") == "in progress, priority high"
