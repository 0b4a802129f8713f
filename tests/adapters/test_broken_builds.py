"""An index whose concurrent build was broken off is built anew by the same migration, not taken for done."""

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.broken_builds import clear_broken, require_valid
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.sql_migrations import SqlMigrations
from hotelctl.core.errors import StepFailed
from tests.fakes.files import FakeFiles

pytestmark = pytest.mark.database
_PLACE = Path("/m")
# Nobody who is not ended waits longer.
_LIMIT_S = 10.0
Migrate = Callable[[str], str]


@pytest.fixture
def migrate(database_url: str, databases: PostgresDatabases) -> Migrate:
    """Why the statement, in a file that is no transaction, could not be applied; empty where it was."""

    def migrated(statement: str) -> str:
        text = f"-- hotelctl: no-transaction\n{statement};"
        return SqlMigrations(databases, FakeFiles({_PLACE / "1.sql": text})).migrate(_PLACE, database_url).why

    databases.execute(database_url, 'CREATE TABLE "Rooms" (id int); INSERT INTO "Rooms" VALUES (1), (1)')
    return migrated


@pytest.fixture
def valid(database_url: str, databases: PostgresDatabases) -> Callable[[], dict[str, bool]]:
    """Each index by its name, and whether it is valid."""
    asked = (
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = '\"Rooms\"'::regclass"
    )
    return lambda: {str(name): bool(ok) for name, ok in databases.query(database_url, asked).values}


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS rooms_id ON "Rooms" (id)',
        'create unique index /* ids */ concurrently Rooms_Id on only public."Rooms" using btree (id)',
    ],
)
def test_what_a_failed_build_left_is_built_anew(
    statement: str,
    migrate: Migrate,
    valid: Callable[[], dict[str, bool]],
    databases: PostgresDatabases,
    database_url: str,
) -> None:
    assert "could not create unique index" in migrate(statement)
    assert valid() == {"rooms_id": False}
    with pytest.raises(StepFailed, match=r"index rooms_id of .* is not valid"):
        require_valid(databases, database_url, [statement])
    databases.execute(database_url, 'DELETE FROM "Rooms"')
    assert migrate(statement) == ""
    assert valid() == {"rooms_id": True}


def test_who_still_builds_for_a_killed_command_is_ended_and_the_index_built_anew(
    migrate: Migrate, valid: Callable[[], dict[str, bool]], database_url: str
) -> None:
    """Its command is gone, and it waits for somebody else's transaction."""
    statement = 'CREATE INDEX CONCURRENTLY rooms_id ON "Rooms" (id)'
    ended: list[str] = []
    with psycopg.connect(database_url) as other:
        other.execute('INSERT INTO "Rooms" VALUES (2)')

        def build() -> None:
            with psycopg.connect(database_url, autocommit=True, application_name="hotelctl") as left:
                with pytest.raises(psycopg.errors.QueryCanceled) as stopped:
                    left.execute(statement.encode())
                ended.append(str(stopped.value))
            other.commit()

        building, limit = threading.Thread(target=build), threading.Timer(_LIMIT_S, other.commit)
        building.start()
        limit.start()
        while "rooms_id" not in valid():
            pass
        assert migrate(statement) == ""
        building.join()
        limit.cancel()
    assert (len(ended), valid()) == (1, {"rooms_id": True})


def test_a_valid_index_and_one_without_a_name_are_left_alone(
    migrate: Migrate,
    valid: Callable[[], dict[str, bool]],
    databases: PostgresDatabases,
    database_url: str,
) -> None:
    assert migrate('CREATE INDEX CONCURRENTLY ON "Rooms" (id)') == ""
    statements = ['CREATE INDEX CONCURRENTLY "Rooms_id_idx" ON "Rooms" (id)', 'VACUUM "Rooms"']
    assert clear_broken(databases, database_url, statements) == ()
    assert valid() == {'"Rooms_id_idx"': True}
