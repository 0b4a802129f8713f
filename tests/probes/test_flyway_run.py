"""Flyway's files on a real server, which has some of them by Flyway's own ledger, run on a shadow."""

import zlib
from pathlib import Path

import pytest

from hotelctl.checks.schema.live_schema_is_what_migrations_build import live_schema_is_what_migrations_build
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun
from hotelctl.facts.migration_set import from_sql
from hotelctl.facts.schema_text import LiveSchema
from hotelctl.probes.built_schema import built_schema, schema_at_live
from hotelctl.probes.live_database import database_stand, live_dump
from hotelctl.probes.migration_run import migration_run
from tests.checks.made import judged
from tests.probes.lived import FIRST, Lived, lived

pytestmark = pytest.mark.database

_LEDGER = (
    "CREATE TABLE flyway_schema_history"
    " (installed_rank int, version text, script text, checksum int, type text, success bool)"
)
_NOTE = "INSERT INTO flyway_schema_history VALUES (%s, %s, %s, %s, 'SQL', true)"
_VIEW = "CREATE OR REPLACE VIEW {0} AS SELECT id FROM rooms;"


def test_a_numbered_file_is_pending_though_one_that_is_run_again_is_there(
    database_server: str, tmp_path: Path
) -> None:
    with lived(database_server, tmp_path, kind="flyway") as one:
        _is_there(one, V1__rooms=FIRST, R__names=_VIEW.format("names"))
        run = _run(one, V2__gone="DROP TABLE rooms CASCADE;", R__other="SELECT 1;")
        assert (run.stopped, run.revisions) == ("", ("V2__gone.sql", "R__other.sql"))
        assert {at.revision for at in run.of(HazardKind.DATA_LOSS)} == {"V2__gone.sql"}


def test_a_refused_statement_belongs_to_its_file_though_others_are_there(
    database_server: str, tmp_path: Path
) -> None:
    with lived(database_server, tmp_path, kind="flyway") as one:
        _is_there(one, V1__rooms=FIRST, R__names=_VIEW.format("names"))
        assert {at.revision for at in _run(one, V2__lost="DROP TABLE lost;").found} == {"V2__lost.sql"}
        (one.directory / "V2__lost.sql").unlink()
        assert {at.revision for at in _run(one, R__other="DROP TABLE lost;").found} == {"R__other.sql"}


def test_a_baseline_alone_leaves_unknown_which_files_are_there(database_server: str, tmp_path: Path) -> None:
    with lived(database_server, tmp_path, kind="flyway") as one:
        assert database_stand(one.context).why == ""
        one.context.databases.execute(one.context.database(), _LEDGER)
        assert database_stand(one.context).why == ""
        baseline = "INSERT INTO flyway_schema_history VALUES (1, '4', '<< It >>', NULL, 'BASELINE', true)"
        one.context.databases.execute(one.context.database(), baseline)
        assert database_stand(one.context).why == (
            "flyway_schema_history begins with a baseline at 4 and names no numbered file yet"
        )


def test_what_lives_is_compared_with_what_ran_and_not_with_a_numbered_file_that_is_pending(
    database_server: str, tmp_path: Path
) -> None:
    with lived(database_server, tmp_path, kind="flyway") as one:
        _is_there(one, V1__rooms=FIRST, R__names=_VIEW.format("names"))
        (one.directory / "V2__floor.sql").write_text("ALTER TABLE rooms ADD COLUMN floor int;")
        assert _drift(one) == []
        one.do("ALTER TABLE rooms ADD COLUMN by_hand int")
        assert _drift(one) == ["CREATE TABLE public.rooms"]


def _drift(one: Lived) -> list[str]:
    """What DB004 finds in a database that has the first file and the one that is run again."""
    texts = {f"migrations/{path.name}": path.read_bytes() for path in one.directory.iterdir()}
    known, context = from_sql(texts, "flyway"), one.context
    live = LiveDatabase("live", "18", Role(one.role), ("V1__rooms.sql", "R__names.sql"), ())
    (venv := one.directory.parent / "venv").mkdir(exist_ok=True)
    place = MigrationPlace(one.directory.parent, venv)
    built = built_schema(context, known, place, DatabaseStand(live))
    there = LiveSchema("live", "R__names.sql", context.databases.schema(context.database()))
    expected = schema_at_live(context, live, there, known, built, place)
    return [found.subject for found in judged(live_schema_is_what_migrations_build, there, expected)]


def _is_there(one: Lived, **files: str) -> None:
    """The files ran live, and their tool has noted them."""
    (one.directory / "0001.sql").unlink()
    live, databases = one.context.database(), one.context.databases
    databases.execute(live, _LEDGER)
    for rank, (name, sql) in enumerate(files.items()):
        (one.directory / f"{name}.sql").write_text(sql)
        version = name[1 : name.index("__")] or None
        number = zlib.crc32(sql.encode())
        number -= 2**32 if number >= 2**31 else 0
        databases.execute(live, sql)
        databases.execute(live, _NOTE, (rank, version, f"{name}.sql", number))


def _run(one: Lived, **files: str) -> MigrationRun:
    """What `migration_run` says when these files come."""
    there = tuple(sorted((path.name for path in one.directory.iterdir()), reverse=True))
    for name, sql in files.items():
        (one.directory / f"{name}.sql").write_text(sql)
    texts = {f"migrations/{path.name}": path.read_bytes() for path in one.directory.iterdir()}
    known, stand = (
        from_sql(texts, "flyway"),
        DatabaseStand(LiveDatabase("live", "18", Role(one.role), there, ())),
    )
    place = MigrationPlace(one.directory.parent, None)
    return migration_run(one.context, known, stand, place, live_dump(one.context, known, stand))
