import os
import signal

import pytest

from hotelctl.cli._faults import VARIABLE, fault
from hotelctl.core.errors import UsageError


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


@pytest.mark.parametrize("environ", [{}, {VARIABLE: ""}, {"OTHER": "before@1"}])
@pytest.mark.parametrize("profile", ["ci", "production"])
def test_without_the_variable_there_is_nothing_to_call(environ: dict[str, str], profile: str) -> None:
    assert fault(environ, profile) is None


@pytest.mark.parametrize(("word", "durable"), [("before", False), ("after", True)])
def test_it_kills_at_its_record_on_its_side_of_the_write_only(
    kills: list[tuple[int, int]],
    word: str,
    durable: bool,  # noqa: FBT001 - a row of the table
) -> None:
    around = fault({VARIABLE: f"{word}@7"}, "staging")
    assert around is not None
    for record in (1, 6, 7, 8, 17, 70):
        for written in (False, True):
            if (record, written) != (7, durable):
                around(record, written)
    assert kills == []
    around(7, durable)
    assert kills == [(os.getpid(), signal.SIGKILL)]


@pytest.mark.parametrize(
    "text", ["before", "before@0", "after@-1", "after@x", "at@3", "after@3 ", "Before@1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not before@N or after@N"):
        fault({VARIABLE: text}, "ci")


def test_production_is_never_killed_on_purpose() -> None:
    with pytest.raises(UsageError, match="refused in production"):
        fault({VARIABLE: "after@3"}, "production")
