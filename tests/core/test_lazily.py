"""A module that waits: read at the first question, once, and then as good as any."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.core.lazily import lazily, made_later


@pytest.fixture
def waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module that can be read and was not."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_to_read.py").write_text("ANSWER = 42\n")
    yield "slow_to_read"
    sys.modules.pop("slow_to_read", None)


def test_it_is_read_when_it_is_asked_and_not_before(waits: str) -> None:
    module = lazily(waits)
    assert waits not in sys.modules
    assert module.ANSWER == 42
    assert waits in sys.modules
    assert module.ANSWER is sys.modules[waits].ANSWER


def test_what_it_does_not_have_and_one_that_is_not_there_show_where_they_are_asked(waits: str) -> None:
    with pytest.raises(AttributeError, match="NOTHING"):
        _ = lazily(waits).NOTHING
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = lazily("no_such_module").ANSWER


def test_a_thing_is_made_when_it_is_first_asked_and_once() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("made")
        return "a thing"

    thing = made_later(make)
    assert made == []
    assert [thing.upper(), thing.title()] == ["A THING", "A Thing"]
    assert made == ["made"]
