"""A migration that waits for a lock in vain is tried again, and lets others have their turn between."""

from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters import sql_migrations
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.sql_migrations import SqlMigrations
from tests.fakes.files import FakeFiles

pytestmark = pytest.mark.database
_PLACE = Path("/m")


class Holder:
    """Another session that has a table locked until so many pauses were made."""

    def __init__(self, url: str, turns: int) -> None:
        self.pauses: list[float] = []
        self.turns = turns
        self.session = psycopg.connect(url)
        self.session.execute("CREATE TABLE rooms (id int)")
        self.session.commit()
        self.session.execute("LOCK TABLE rooms IN ACCESS SHARE MODE")

    def sleep(self, pause_s: float) -> None:
        self.pauses.append(pause_s)
        if len(self.pauses) == self.turns:
            self.session.commit()


@pytest.fixture
def migrations(databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch) -> SqlMigrations:
    monkeypatch.setattr(sql_migrations, "_HEAD", "SET LOCAL lock_timeout = '50ms';")
    text = "CREATE TABLE half (id int); ALTER TABLE rooms ADD COLUMN note text"
    return SqlMigrations(databases, FakeFiles({_PLACE / "1.sql": text}))


@pytest.mark.parametrize(("turns", "pauses"), [(1, [1.0]), (3, [1.0, 2.0, 4.0])])
def test_it_is_done_as_soon_as_the_lock_is_had(
    turns: int,
    pauses: list[float],
    migrations: SqlMigrations,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder = Holder(database_url, turns)
    monkeypatch.setattr("hotelctl.adapters.sql_migrations.time.sleep", holder.sleep)
    done = migrations.migrate(_PLACE, database_url)
    holder.session.close()
    assert (done.why, done.revision, holder.pauses) == ("", "1.sql", pauses)


def test_who_never_lets_go_is_told_and_nothing_is_half_done(
    migrations: SqlMigrations,
    databases: PostgresDatabases,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder = Holder(database_url, 99)
    monkeypatch.setattr("hotelctl.adapters.sql_migrations.time.sleep", holder.sleep)
    done = migrations.migrate(_PLACE, database_url)
    holder.session.close()
    assert "(55P03): another session holds the lock (pg_stat_activity shows it), tried 6 times" in done.why
    assert (done.ok, holder.pauses) == (False, [1.0, 2.0, 4.0, 8.0, 16.0])
    assert databases.query(database_url, "SELECT to_regclass('half') IS NULL").values == ((True,),)
