"""Real Alembic on a real server, run on a shadow, with a ledger that has another name."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.scratch import Scratch
from hotelctl.checks.schema.live_schema_is_what_migrations_build import live_schema_is_what_migrations_build
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.live_database import LiveDatabase
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.probes.built_schema import built_schema, schema_at_live
from hotelctl.probes.context import Context
from hotelctl.probes.live_database import database_stand, live_dump, live_schema
from hotelctl.probes.migration_run import migration_run
from hotelctl.probes.migration_set import migration_set
from tests.checks.made import judged
from tests.probes.alembic_project import alembic_project

pytestmark = pytest.mark.database

_SECOND = """
from alembic import op

revision = "0002"
down_revision = {down}


def upgrade():
    op.execute("CREATE TABLE more (); DROP TABLE reached")
"""
_LEDGERS = [
    ("", "alembic_version"),
    (', version_table="journal"', "journal"),
    (', version_table="the Journal", version_table_schema="ops"', 'ops."the Journal"'),
]


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="a-") as directory:
        yield Path(directory)


def _live(context: Context) -> LiveDatabase:
    stand = database_stand(context)
    assert stand.live is not None, stand.why
    return stand.live


@pytest.mark.parametrize(("more", "table"), _LEDGERS)
def test_the_ledger_is_found_whatever_it_is_called(
    place: Path, database_url: str, more: str, table: str
) -> None:
    context = alembic_project(place, more=more, live=database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA ops")
    source, venv = place / "source", Path(sys.prefix)
    assert context.work.migrate(venv, source, database_url, context.release_env).ok
    live = _live(context)
    assert (live.revisions, live.objects) == (("0001",), ("table public.reached",))
    (source / "migrations" / "versions" / "0002.py").write_text(_SECOND.format(down='"0001"'))
    scratch = context.scratch
    assert isinstance(scratch, Scratch)
    with scratch:
        known, stand = migration_set(context), database_stand(context)
        dump = live_dump(context, known, stand)
        run = migration_run(context, known, stand, MigrationPlace(source, venv), dump)
    assert (run.stopped, run.revisions) == ("", ("0002",))
    assert {one.hazard.kind for one in run.found} == {HazardKind.NO_LOCK_TIMEOUT, HazardKind.DATA_LOSS}
    asked = f"SELECT version_num FROM {table}"  # noqa: S608 - a name of this test
    with psycopg.connect(database_url) as connection:
        assert connection.execute(asked.encode()).fetchall() == [("0001",)], "it is there, and as it was"


_FORK = """
from alembic import op

revision = "0001b"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE besides ()")
"""
_JOIN = 'revision = "0003"\ndown_revision = ("0001", "0001b")\n\n\ndef upgrade():\n    pass\n'


def test_a_database_on_two_branches_is_compared_with_what_both_build(place: Path, database_url: str) -> None:
    context = alembic_project(place, live=database_url)
    source, venv = place / "source", Path(sys.prefix)
    (source / "migrations" / "versions" / "0001b.py").write_text(_FORK)
    for one in ("0001b", "0001"):
        assert context.work.migrate(venv, source, database_url, context.release_env, one).ok
    live = _live(context)
    assert live.revisions == ("0001", "0001b")
    (source / "migrations" / "versions" / "0003.py").write_text(_JOIN)
    with context.scratch:  # type: ignore[attr-defined]  # the real one
        place_ = MigrationPlace(source, venv)
        known = migration_set(context)
        stand = database_stand(context)
        built = built_schema(context, known, place_, stand)
        found = live_schema(context, live, live_dump(context, known, stand))
        expected = schema_at_live(context, live, found, known, built, place_)
    assert (expected.why, expected.revision, found.revision) == ("", "0001, 0001b", "0001, 0001b")
    assert judged(live_schema_is_what_migrations_build, found, expected) == []
