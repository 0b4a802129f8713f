import os
import signal

import pytest

from hotelctl.cli._faults import VARIABLE, DyingProcesses, Moment, fault, moment
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Command
from tests.deploy.waiting import came_true
from tests.fakes.processes import FakeProcesses


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


@pytest.mark.parametrize("environ", [{}, {VARIABLE: ""}, {"OTHER": "before@1"}])
@pytest.mark.parametrize("profile", ["ci", "production"])
def test_without_the_variable_there_is_nothing_to_call(environ: dict[str, str], profile: str) -> None:
    assert fault(environ, profile, "here") is None


@pytest.mark.parametrize(("word", "durable"), [("before", False), ("after", True)])
def test_it_kills_at_its_record_on_its_side_of_the_write_only(
    kills: list[tuple[int, int]],
    word: str,
    durable: bool,  # noqa: FBT001 - a row of the table
) -> None:
    around = fault({VARIABLE: f"{word}@7"}, "staging", "staging")
    assert around is not None
    for record in (1, 6, 7, 8, 17, 70):
        for written in (False, True):
            if (record, written) != (7, durable):
                around(record, written)
    assert kills == []
    around(7, durable)
    assert kills == [(os.getpid(), signal.SIGKILL)]


def test_the_whole_group_is_killed_where_that_is_asked_for(
    kills: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "killpg", lambda group, number: kills.append((-group, number)))
    around = fault({VARIABLE: "before@2!"}, "ci", "local")
    assert around is not None
    around(2, False)  # noqa: FBT003 - the journal's own signature
    assert kills[0] == (-os.getpgrp(), signal.SIGKILL)


def _moment(text: str) -> Moment:
    found = moment({VARIABLE: text}, "ci", "local")
    assert found is not None
    return found


@pytest.mark.parametrize(("when", "begun"), [("start", 1), ("end", 0)])
def test_it_kills_at_one_end_of_the_action_of_that_name_and_number(
    kills: list[tuple[int, int]], when: str, begun: int
) -> None:
    place = _moment(f"{when}:pg_dump#2")
    for names in (("pg_dump",), ("pg_restore",)):
        with place.over(names):
            pass
    assert kills == []
    with place.over(("x", "pg_dump")):
        assert len(kills) == begun
    with place.over(("pg_dump",)):
        pass
    assert kills == [(os.getpid(), signal.SIGKILL)]


def test_it_kills_so_long_after_the_begin_or_when_the_action_is_over(kills: list[tuple[int, int]]) -> None:
    with _moment("10ms:migration").over(["migration"]):
        assert came_true(lambda: len(kills) == 1)
    assert len(kills) == 1
    with _moment("60000ms:migration").over(["migration"]):
        assert len(kills) == 1
    assert len(kills) == 2


def test_a_program_is_known_by_a_word_of_its_command_line(kills: list[tuple[int, int]]) -> None:
    programs = FakeProcesses()
    programs.answer(())
    processes = DyingProcesses(programs, _moment("end:pg_dump"))
    for argv, killed in ((("/usr/bin/pg_restore", "x"), 0), (("/usr/bin/pg_dump", "x"), 1)):
        processes.run(Command(argv))
        assert len(kills) == killed


def test_pip_is_known_by_the_directory_of_its_runner(kills: list[tuple[int, int]]) -> None:
    programs = FakeProcesses()
    programs.answer(())
    runner = "/x/site-packages/pip/__pip-runner__.py"
    DyingProcesses(programs, _moment("end:pip")).run(Command(("/x/bin/python", runner, "install")))
    assert len(kills) == 1


def test_a_place_in_an_action_is_none_at_a_record_and_the_other_way_round() -> None:
    assert fault({VARIABLE: "start:pg_dump"}, "ci", "local") is None
    assert moment({VARIABLE: "before@3"}, "ci", "local") is None
    assert moment({}, "production", "production") is None


@pytest.mark.parametrize(
    "text",
    [
        "start:",
        "begin:pg_dump",
        "ms:pg_dump",
        "5ms:pg_dump#0",
        "before",
        "before@0",
        "after@-1",
        "after@x",
        "at@3",
        "after@3 ",
        "Before@1",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    for asked in (fault, moment):
        with pytest.raises(UsageError, match="is not before@N or after@N"):
            asked({VARIABLE: text}, "ci", "local")


@pytest.mark.parametrize(("profile", "name"), [("production", "live"), ("ci", "production")])
@pytest.mark.parametrize("text", ["after@3", "start:pg_dump"])
def test_production_is_never_killed_on_purpose(text: str, profile: str, name: str) -> None:
    for asked in (fault, moment):
        with pytest.raises(UsageError, match="refused in production"):
            asked({VARIABLE: text}, profile, name)
