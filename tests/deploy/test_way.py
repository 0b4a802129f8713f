"""A deploy's migration command before real servers: the one that is meant, and one that notes who comes."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.core.progress import Silent
from hotelctl.deploy.engine import drive
from hotelctl.deploy.journal import Journal, Kind, Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.plan import Plan
from hotelctl.deploy.release import Release
from hotelctl.deploy.steps.backup import BackupStep
from hotelctl.deploy.steps.migrate import MigrateStep
from hotelctl.deploy.steps.prove import ProveStep
from tests.deploy.town import Town
from tests.deploy.town_command import Command
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.noting_server import NotingServer, noting_server
from tests.probes.alembic_project import FIXED, TOLD, alembic_project

pytestmark = pytest.mark.database
# It comes to where it is told, and migrates another one.
_BOTH = f"[create_engine({TOLD}.replace('postgresql:', 'postgresql+psycopg:')).connect().close(), {FIXED}][1]"
_BESIDE = """
from alembic import op

revision = "0002"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE beside ()")
"""
_RELEASE = Release("d1", "1.0", "a" * 40, "artifact/town.whl", "0" * 64, "0001", {})


@pytest.fixture(scope="module")
def server() -> Iterator[NotingServer]:
    with noting_server() as one:
        yield one


@pytest.fixture
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="w-") as directory:
        yield Path(directory)


def _operation(state: Path, live: str, address: str, url: str) -> Operation:
    """A first deploy of `alembic_project` onto `live`, built already."""
    layout = Layout(state)
    layout.venv("d1").mkdir(parents=True)
    layout.deploy("d1").mkdir(parents=True)
    context: Any = alembic_project(layout.deploy("d1"), address=address, url=url, live=live)
    operation = Command(Town()).operation("d1", "a" * 40)
    ports = {name: getattr(context, name) for name in ("files", "databases", "work", "tracer", "scratch")}
    journal = Journal(FakeFiles().append_log(Path("/journal")), SystemClock(), 1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "id": "d1", "commit": "a" * 40, "serving": None})
    journal.append("build", Kind.DONE, {"release": _RELEASE.to_json()})
    return replace(
        operation,
        configuration=context.configuration,
        layout=layout,
        database_url=live,
        world=replace(operation.world, clock=SystemClock(), **ports),
        journal=journal,
        release_env=lambda _: {"DATABASE_URL": live},
    )


def _driven(operation: Operation) -> tuple[Outcome, str]:
    """How its steps 5 to 7 ended, and what the one that failed says."""
    steps = {kind.name: kind(operation) for kind in (BackupStep, ProveStep, MigrateStep)}
    end = drive(Plan(tuple(steps)), operation.journal, steps, FakeEvidence(), Silent(), lambda: False)
    failure = operation.journal.progress().failure
    return end.outcome, f"{failure.step}: {failure.message}" if failure else ""


def _tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [
            name
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]


def test_a_second_server_is_not_reached_by_a_deploy_whose_command_names_it(
    server: NotingServer, state: Path, database_url: str
) -> None:
    with server.unvisited():
        outcome, said = _driven(_operation(state, database_url, FIXED, server.url))
    assert outcome is Outcome.STOPPED
    assert said.startswith(
        "prove: the migrations were not run: the command, kept off the network, did not go where "
        "DATABASE_URL says; alembic.ini:3 has an address of its own. It said: sqlalchemy.exc.Operat"
    )
    assert _tables(database_url) == []


def test_the_live_database_is_not_migrated_by_its_own_address(server: NotingServer, state: Path) -> None:
    """It would be, in step 6: nothing of the migration was proven then."""
    outcome, said = _driven(_operation(state, server.url, FIXED, server.url))
    assert outcome is Outcome.STOPPED
    assert "did not go where DATABASE_URL says" in said
    assert not server.migrated()


def test_a_command_that_goes_where_it_is_told_migrates_the_live_database_alone(
    server: NotingServer, state: Path, database_url: str
) -> None:
    with server.unvisited():
        assert _driven(_operation(state, database_url, TOLD, server.url)) == (Outcome.SUCCEEDED, "")
    assert sorted(_tables(database_url)) == ["alembic_version", "reached"]


def test_of_two_heads_the_one_that_is_left_is_migrated_though_it_is_not_the_last_by_name(
    server: NotingServer, state: Path, database_url: str
) -> None:
    """The database says of itself that it is at 0002; what it lacks is 0001."""
    operation = _operation(state, database_url, TOLD, server.url)
    source = operation.layout.deploy("d1") / "source"
    (source / "migrations" / "versions" / "0002.py").write_text(_BESIDE)
    (source / "up.py").write_text((source / "up.py").read_text().replace('"head"', '"heads"'))
    both = replace(_RELEASE, migration_head=None)
    operation.journal.append("build", Kind.DONE, {"release": both.to_json()})
    place = operation.layout.venv("d1")
    assert operation.world.work.migrate(place, source, database_url, {}, "0002").ok
    assert _driven(operation) == (Outcome.SUCCEEDED, "")
    assert sorted(_tables(database_url)) == ["alembic_version", "beside", "reached"]
    proven = operation.result("prove")
    assert (proven["heads"], proven["from"], proven["to"]) == (["0001", "0002"], "0002", "0001, 0002")
    assert "no migration" not in proven["summary"]


def test_a_command_that_comes_and_migrates_another_database_has_failed(
    state: Path, database_url: str
) -> None:
    with noting_server() as other:
        outcome, said = _driven(_operation(state, database_url, _BOTH, other.url))
        assert other.migrated(), "nobody could know that before"
    assert outcome is Outcome.STOPPED
    assert said == (
        "prove: the migration command ended well, but the copy of the database is at no revision, not at 0001"
    )
    assert _tables(database_url) == []
