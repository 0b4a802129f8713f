"""A program is asked about a file again when the file, the words or the way to it are others."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command, Completed
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file
from tests.fakes.kept import FakeKept
from tests.fakes.processes import Answer
from tests.probes.worlds import PROJECT, World


def lines(done: Completed) -> tuple[str, ...]:
    return tuple(done.stdout.splitlines())


LINT = Program("lint", tuple[str, ...], lines)


@pytest.fixture
def kept() -> FakeKept:
    return FakeKept()


@pytest.fixture
def world() -> World:
    made = World()
    made.write("a.sql", "SELECT 1")
    return made


def said(world: World, kept: FakeKept, workspace: str = "/throw-away", *words: str) -> tuple[str, ...]:
    context: Context = replace(world.context(), kept=kept, workspace=Path(workspace))
    return said_of_file(LINT, (*words, "a.sql"), PROJECT, context)


def test_a_file_that_did_not_change_is_asked_about_once(world: World, kept: FakeKept) -> None:
    world.processes.answer(("/tools/bin/lint", "a.sql"), Answer(stdout="one\ntwo\n"))
    assert said(world, kept) == said(world, kept) == ("one", "two")
    assert [command.argv for command in world.processes.commands] == [("/tools/bin/lint", "a.sql")]
    assert world.processes.commands[0].cwd == PROJECT


def test_a_file_that_changed_is_asked_about_again(world: World, kept: FakeKept) -> None:
    world.processes.answer(("/tools/bin/lint",), Answer(stdout="one\n"))
    said(world, kept)
    world.write("a.sql", "SELECT 2")
    said(world, kept)
    assert [one.inputs for one in kept.asked] == [{"a.sql": b"SELECT 1"}, {"a.sql": b"SELECT 2"}]


def test_the_directory_of_one_command_is_no_part_of_the_question(world: World, kept: FakeKept) -> None:
    world.processes.answer(("/tools/bin/lint",), Answer())
    for place in ("/work-1", "/work-2"):
        said(world, kept, place, "--config", f"{place}/empty.toml")
    assert len(kept.asked) == 1
    said(world, kept, "/work-3", "--strict")
    assert [one.words for one in kept.asked] == [("--config", "/empty.toml", "a.sql"), ("--strict", "a.sql")]


def test_what_is_no_plain_file_is_asked_about_every_time(world: World, kept: FakeKept) -> None:
    world.processes.answer(("/tools/bin/lint",), Answer(stdout="cannot open\n"))
    world.files.remove(PROJECT / "a.sql")
    assert said(world, kept) == said(world, kept) == ("cannot open",)
    assert len(world.processes.commands) == 2
    assert kept.questions == []


def test_a_file_that_is_changed_under_the_program_is_not_judged(world: World, kept: FakeKept) -> None:
    def edit(_: Command) -> None:
        world.write("a.sql", "SELECT 2")

    world.processes.answer(("/tools/bin/lint",), Answer(stdout="one\n", effect=edit))
    with pytest.raises(Unavailable, match=r"a\.sql was changed while lint read it"):
        said(world, kept)
