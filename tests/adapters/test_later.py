import threading
import time
from collections.abc import Iterator

import pytest

from hotelctl.adapters.later import Later
from hotelctl.core.errors import StepFailed

_GUESSED, _MADE = "postgresql://postgres@/x?host=/here", "postgresql://postgres@/x?host=/there"


def test_its_address_is_told_without_making_it() -> None:
    asked: list[str] = []

    def make() -> str:
        asked.append("made")
        return _MADE

    one = Later(_GUESSED, make)
    assert (one.url, one.is_made, asked) == (_GUESSED, False, [])


def test_it_is_made_once_however_many_ask_at_once() -> None:
    asked: list[str] = []

    def make() -> str:
        asked.append("made")
        time.sleep(0.05)
        return _MADE

    one = Later(_GUESSED, make)
    had: list[str] = []
    threads = [threading.Thread(target=lambda: had.append(one.made())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (had, asked, one.url) == ([_MADE] * 4, ["made"], _MADE)


def test_what_could_not_be_made_is_tried_again() -> None:
    answers: Iterator[StepFailed | str] = iter((StepFailed("PostgreSQL does not start"), _MADE))

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, StepFailed):
            raise answer
        return answer

    one = Later(_GUESSED, make)
    with pytest.raises(StepFailed):
        one.made()
    assert not one.is_made
    assert one.made() == _MADE
