"""A pending migration is judged on a shadow of a live database of which nothing is changed.

It breaks the release that serves, a row that is there, and everybody who writes while it runs.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.postgres_tools import for_server
from hotelctl.config.release_env import with_database
from tests.system.site import Ended, Site

pytestmark = pytest.mark.system

NAME = "plain_notes"
MIGRATION = """ALTER TABLE notes ADD CONSTRAINT notes_long CHECK (length(text) > 20);
CREATE INDEX notes_by_text ON notes (text);
ALTER TABLE notes RENAME COLUMN text TO body;
"""
# What is run and watched, and asks the live database for its schema, sizes and rows alone.
WATCHED = ("DB006", "DB007", "DB008", "DB009", "DB010", "DB011", "DB012", "DB013", "DB014", "DB020")
_ENTRY = re.compile(r"^(\d+)\|([^|]*)\|([^|]*)\|(\w+):  ", re.MULTILINE)
_SAID = re.compile(r"^(?:statement|execute [^:]*):\s*(.*)", re.DOTALL)
_READS = re.compile(
    r"SELECT\b(?!.*\bINTO\b)|WITH\b|SET\b|SHOW\b|BEGIN READ ONLY|COMMIT|ROLLBACK"
    r"|PREPARE \w+\(.*\) AS\s+SELECT\b|EXECUTE\b|LOCK TABLE .* IN ACCESS SHARE MODE",
    re.DOTALL,
)
_READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_OF_ITS_OWN = re.compile(r'(CREATE DATABASE|DROP DATABASE IF EXISTS) "hotelctl_scratch_\w+"')


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as the server noted it."""

    session: str
    program: str
    database: str
    sql: str


class Live:
    """The live database of a site, from outside."""

    def __init__(self, site: Site) -> None:
        self.server = EmbeddedPostgres(site.places.postgres)
        self.url = with_database(self.server.ensure(), NAME)

    def do(self, *statements: str) -> None:
        """Each is its own transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for one in statements:
                connection.execute(one.encode())

    def whole(self) -> str:
        """Schema and rows, as one text."""
        program = for_server(18).directory / "pg_dump"
        argv = [str(program), "--inserts", "--restrict-key=x", f"--dbname={self.url}"]
        ended = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60)
        text: str = ended.stdout
        return text

    def databases(self) -> list[str]:
        """Of the whole server."""
        with psycopg.connect(self.url) as connection:
            return [name for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY 1")]

    @property
    def log(self) -> Path:
        return self.server.pgdata / "log.txt"

    def said(self, behind: int) -> list[Said]:
        """Every statement that the server noted behind that many bytes of its log."""
        text = self.log.read_bytes()[behind:].decode()
        starts = [*_ENTRY.finditer(text)]
        found = []
        for entry, end in zip(starts, [*(one.start() for one in starts[1:]), len(text)], strict=True):
            if entry[4] == "LOG" and (sql := _SAID.match(text[entry.end() : end])):
                found.append(Said(entry[1], entry[2], entry[3], sql[1].strip()))
        return found


@dataclass(frozen=True, slots=True)
class Judged:
    """One validation: how it ended, its findings by check, and what it said to the live server."""

    ended: Ended
    checks: dict[str, dict[str, Any]]
    said: list[Said]

    def messages(self, check: str) -> list[str]:
        """Of its findings."""
        return [one["message"] for one in self.checks[check]["findings"]]


def judged(site: Site, live: Live, *words: str) -> Judged:
    """What `hotelctl validate` says."""
    behind = live.log.stat().st_size
    ended = site.run("validate", *words)
    report = site.report()
    checks = {one["id"]: one for section in report["sections"] for one in section["checks"]}
    said = [one for one in live.said(behind) if one.program in {"hotelctl", "pg_dump"}]
    assert said
    return Judged(ended, checks, said)


@pytest.fixture(scope="module")
def live(served: Site) -> Iterator[Live]:
    """It notes all that is said to it, holds a row that is in the way, and the migration is committed."""
    one = Live(served)
    one.do(
        "INSERT INTO notes (text) VALUES ('short'), ('as long as the rule that comes wants it')",
        "ALTER SYSTEM SET log_line_prefix = '%p|%a|%d|'",
        "ALTER SYSTEM SET log_statement = 'all'",
        "SELECT pg_reload_conf()",
    )
    served.migrate(MIGRATION)
    yield one
    one.do(
        "ALTER SYSTEM RESET log_statement", "ALTER SYSTEM RESET log_line_prefix", "SELECT pg_reload_conf()"
    )


@pytest.fixture(scope="module")
def whole(served: Site, live: Live) -> tuple[Judged, str, str]:
    """All checks of the schema; and the live database before and after."""
    before, there = live.whole(), live.databases()
    found = judged(served, live, "--only", "schema")
    assert live.databases() == there, "no database is left"
    return found, before, live.whole()


def test_the_lock_is_named_with_file_and_line(whole: tuple[Judged, str, str]) -> None:
    found, _, _ = whole
    found.ended.expect(1)
    (message,) = [one for one in found.messages("DB006") if "index" in one and "built" in one]
    assert message.startswith("migrations/0101_turn.sql:2: index public.notes_by_text is built over all rows")
    assert message.endswith("under ACCESS EXCLUSIVE, reads and writes wait"), "which the CHECK before it took"


def test_the_row_that_is_in_the_way_is_counted(whole: tuple[Judged, str, str]) -> None:
    found, _, _ = whole
    (message,) = found.messages("DB010")
    assert message.startswith("migrations/0101_turn.sql:1: public.notes breaks notes_long CHECK ")
    assert message.endswith(f": 1 row of {NAME}")


def test_the_serving_release_is_proven_to_break_with_its_statement(
    served: Site, whole: tuple[Judged, str, str]
) -> None:
    found, _, _ = whole
    proven = [one for one in found.messages("DB011") if one.startswith("release ")]
    assert 'column "text" of relation "notes" does not exist (42703): INSERT INTO notes (text)' in proven[0]
    assert proven[0].split()[1].endswith(served.answers()["commit"][:12]), "the release, by its commit"
    assert "fails its own workflow a note lives and goes afterwards" in proven[1]


def test_what_its_tests_asked_breaks_where_no_workflow_gets_to(
    served: Site, whole: tuple[Judged, str, str]
) -> None:
    found, _, _ = whole
    serving = served.operations()[-1]
    kept = json.loads((served.state / "releases" / serving / "statements.json").read_text())
    insert = {"sql": "INSERT INTO notes (text) VALUES ($1) RETURNING id, text, created_at", "values": ["a"]}
    assert insert in kept["statements"]
    (told,) = [one for one in found.messages("DB011") if one.startswith("what the tests of release")]
    assert 'column "text" does not exist (42703): SELECT id, text, created_at FROM notes' in told


def test_the_live_database_and_what_serves_are_as_they_were(
    served: Site, whole: tuple[Judged, str, str]
) -> None:
    _, before, after = whole
    assert after == before
    assert "'short'" in after
    assert served.answers("/ready") == {"ready": True}


def outside(said: list[Said]) -> list[Said]:
    """What was not said in a transaction that can only read, and is no question by itself."""
    return [one for one in said if not (_READS.match(one.sql) or _pg_dump_begins(one, said))]


def _pg_dump_begins(one: Said, said: list[Said]) -> bool:
    """pg_dump says BEGIN, and in its next breath that it only reads."""
    session = [other for other in said if other.session == one.session]
    behind = session[session.index(one) + 1 :]
    return one.sql == "BEGIN" and bool(behind) and behind[0].sql.startswith(_READ_ONLY)


def test_the_live_database_is_only_read(whole: tuple[Judged, str, str]) -> None:
    """Beside it are databases of hotelctl's own, which its role may make there, and which are gone again."""
    found, _, _ = whole
    there = [one for one in found.said if not one.database.startswith("hotelctl_scratch_")]
    assert {one.database for one in there} == {NAME}
    assert [one.sql for one in outside(there) if not _OF_ITS_OWN.match(one.sql)] == []
    begun = [one for one in there if one.sql.startswith("BEGIN")]
    assert len(begun) > 10
    assert all(one.sql == "BEGIN READ ONLY" or _pg_dump_begins(one, there) for one in begun)


def test_what_is_run_and_watched_says_nothing_but_questions_to_the_live_server(
    served: Site, live: Live
) -> None:
    found = judged(served, live, "--only", ",".join(WATCHED), "--no-cache")
    assert found.checks["DB006"]["status"] == found.checks["DB011"]["status"] == "fail"
    assert {one.database for one in found.said} == {NAME}
    assert outside(found.said) == []
