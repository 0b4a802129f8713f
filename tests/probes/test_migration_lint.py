import dataclasses
import json
import time
from pathlib import Path
from typing import Any

from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_lint import MigrationLint
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from hotelctl.probes.migration_lint import migration_lint
from tests.checks import made
from tests.fakes.processes import Answer
from tests.probes.worlds import World

SENT = Path("/throw-away")
BUILDS = frozenset({HazardKind.INDEX_BUILD})


def statement(sql: str, line: int | None = 1, revision: str = "2.sql", **fields: Any) -> WrittenStatement:  # noqa: ANN401 - its fields
    """As it ran."""
    path = f"migrations/{revision}" if line else ""
    return WrittenStatement(sql, revision, 1, 1.0, path, line, **fields)


def run(*statements: WrittenStatement) -> MigrationRun:
    """Pending migrations that sent this."""
    return dataclasses.replace(made.migration_run(), watched=statements)


def remark(line: int, rule: str = "renaming-column", number: int = 0) -> dict[str, Any]:
    """Of the file that holds that revision's statements; squawk counts lines from 0."""
    return {
        "file": f"sent-{number}.sql",
        "line": line - 1,
        "column": 0,
        "level": "Warning",
        "message": "It breaks.",
        "help": "Do not.",
        "rule_name": rule,
    }


def answered(world: World, *remarks: dict[str, Any], number: int = 0) -> None:
    """What squawk says of that revision."""
    ended = Answer(1 if remarks else 0, json.dumps(remarks))
    world.processes.answer([f"sent-{number}.sql"], ended)


def linted(world: World, *statements: WrittenStatement) -> MigrationLint:
    """What the probe makes of it."""
    return migration_lint(world.context(), run(*statements))


def test_statements_are_judged_as_they_were_sent_one_file_for_each_revision() -> None:
    world = World()
    answered(world)
    answered(world, number=1)
    fact = linted(
        world,
        statement("  ALTER TABLE a ADD b int"),
        statement("CREATE INDEX i\nON a (b)\n", 2),
        statement("SELECT 1", revision="3.sql"),
    )
    assert (fact.remarks, fact.doubts) == ((), {})
    files = world.files.content
    assert files[SENT / "sent-0.sql"] == b"ALTER TABLE a ADD b int;\nCREATE INDEX i\nON a (b);\n"
    assert files[SENT / "sent-1.sql"] == b"SELECT 1;\n"
    assert files[SENT / "squawk.toml"] == b"", "no settings of the project"
    assert {command.cwd for command in world.processes.commands} == {SENT}


def test_what_only_begins_or_ends_a_transaction_is_not_sent_to_it() -> None:
    world = World()
    answered(world)
    linted(world, statement("BEGIN"), statement("ALTER TABLE a ADD b int"), statement("-- no\nROLLBACK"))
    assert world.files.content[SENT / "sent-0.sql"] == b"ALTER TABLE a ADD b int;\n"


def test_its_places_are_those_of_the_files_in_which_the_statements_are_written() -> None:
    world = World()
    answered(world, remark(1), remark(2), remark(3), remark(5))
    fact = linted(
        world,
        statement("ALTER TABLE a", 7),
        statement("ALTER\n TABLE b\n ADD c", 20),
        statement("SELECT 1", 40),
    )
    assert [(one.path, one.line) for one in fact.remarks] == [
        ("migrations/2.sql", 7),
        ("migrations/2.sql", 20),
        ("migrations/2.sql", 21),
        ("migrations/2.sql", 40),
    ]


def test_as_many_statements_as_a_line_of_ten_megabytes_holds_take_no_more_time_each() -> None:
    """Lines are counted once: counted anew for each statement, these take minutes."""
    world = World()
    answered(world, *(remark(line) for line in range(1, 40_001, 2)))
    took_s = time.process_time()
    fact = linted(world, *(statement(f"SELECT {number}", number) for number in range(40_000)))
    assert [one.line for one in fact.remarks] == list(range(0, 40_000, 2))
    assert time.process_time() - took_s < 20


def test_it_is_ended_soon() -> None:
    world = World()
    answered(world)
    linted(world, statement("SELECT 1"))
    assert world.processes.commands[-1].timeout_s == 30


def test_where_no_file_is_known_the_revision_is_the_place() -> None:
    world = World()
    answered(world, remark(2))
    fact = linted(world, statement("SELECT 1", 3), statement("ALTER TABLE a", None))
    assert [(one.path, one.line) for one in fact.remarks] == [("2.sql", None)]


def test_each_is_held_against_what_was_seen_of_its_own_statement() -> None:
    world = World()
    rule = "require-concurrent-index-creation"
    answered(world, remark(1, rule), remark(2, rule), remark(2))
    fact = linted(world, statement("CREATE INDEX i", kinds=BUILDS), statement("CREATE INDEX j"))
    assert [one.seen for one in fact.remarks] == [True, False, None]


def test_what_could_not_be_judged_is_a_doubt_and_the_others_are_judged() -> None:
    world = World()
    world.processes.answer(["sent-0.sql"], Answer(2))
    answered(world, remark(1, number=1), number=1)
    fact = linted(world, statement("ALTER TABLE a"), statement("ALTER TABLE b", revision="3.sql"))
    assert list(fact.doubts) == ["migrations/2.sql"]
    assert "ended with 2" in fact.doubts["migrations/2.sql"]
    assert [one.path for one in fact.remarks] == ["migrations/3.sql"]


def test_without_the_program_each_revision_is_a_doubt() -> None:
    world = World()
    world.tools.trouble = "offline"
    fact = linted(world, statement("SELECT 1", None), statement("SELECT 2", revision="3.sql"))
    assert list(fact.doubts) == ["2.sql", "migrations/3.sql"]


def test_nothing_sent_is_nothing_judged() -> None:
    world = World()
    assert linted(world) == MigrationLint(linted(world).argv, ())
    assert world.processes.commands == []


def test_the_evidence_names_no_place_of_this_command() -> None:
    world = World()
    answered(world)
    words = linted(world, statement("SELECT 1")).argv
    assert words[0] == "squawk"
    assert str(SENT) not in " ".join(words)
