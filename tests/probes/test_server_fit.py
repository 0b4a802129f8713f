import secrets
from collections.abc import Iterator

import psycopg
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.created_extensions import CreatedExtension
from hotelctl.facts.server_fit import IDLE, LOCK, STATEMENT, ServerFit
from tests.probes.worlds import World


def _world(**changes: object) -> World:
    world = World(**changes)
    world.databases.answer("current_database(), current_setting", ("a", "b", "c"), [("live", "16.14", "o")])
    world.databases.answer("SELECT o.kind", ("t",), [])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    rows = [
        (IDLE, "0", "default", None),
        (LOCK, "5000", "default", "2s"),
        (STATEMENT, "30000", "session", None),
    ]
    world.databases.answer("pg_db_role_setting", ("n", "v", "s", "o"), rows)
    world.databases.answer("pg_available_extensions", ("name",), [("citext",)])
    return world


def test_version_timeouts_and_extensions_are_told() -> None:
    world = _world()
    world.write("migrations/1.sql", "CREATE EXTENSION citext;\nCREATE EXTENSION pg_trgm;\n")
    fact = world.fact(ServerFit)
    assert fact == ServerFit(
        database="live",
        version="16.14",
        shadow_major=16,
        role="app",
        timeouts_ms={STATEMENT: None, LOCK: 2000.0, IDLE: 0.0},
        wanted=(
            CreatedExtension("citext", "migrations/1.sql", 1),
            CreatedExtension("pg_trgm", "migrations/1.sql", 2),
        ),
        offered=frozenset({"citext"}),
    )


def test_without_extensions_or_migrations_or_a_role_the_rest_is_told() -> None:
    assert not _world().fact(ServerFit).wanted
    alone = _world(migrations=None, database={"url_env": "DATABASE_URL"})
    fact = alone.fact(ServerFit)
    assert (fact.role, fact.wanted, fact.offered) == ("o", (), frozenset())


def test_a_role_that_is_not_there_yet_gets_nothing() -> None:
    world = _world()
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [])
    fact = world.fact(ServerFit)
    assert (fact.role, fact.timeouts_ms) == ("app", {})


def test_a_database_that_cannot_be_asked_leaves_it_open() -> None:
    world = _world()
    world.databases.down = "connection refused"
    assert world.why_not(ServerFit) == "Unavailable: DATABASE_URL: connection refused"
    assert World(database=None).why_not(ServerFit).startswith("NotApplicable")


def _asked_of(url: str, role: str | None) -> ServerFit:
    world = World(database={"url_env": "DATABASE_URL", "runtime_role": role})
    world.write("migrations/1.sql", "CREATE EXTENSION plpgsql;\nCREATE EXTENSION IF NOT EXISTS never_was;\n")
    scratch = world.context().scratch
    assert scratch.major(17) == 18
    processes = LocalProcesses(world.evidence, SystemClock(), {})
    world.databases = PostgresDatabases(processes, world.evidence, SystemClock())  # type: ignore[assignment]
    world.database_url = url
    found: ServerFit = world.fact(ServerFit)
    return found


@pytest.fixture
def role(database_url: str) -> Iterator[str]:
    name = "test_fit_" + secrets.token_hex(6)
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN")
        try:
            yield name
        finally:
            owner.execute(f"DROP ROLE {name}")


@pytest.mark.database
def test_a_real_server_tells_what_it_offers_and_what_a_role_gets(database_url: str, role: str) -> None:
    name = database_url.partition("?")[0].rpartition("/")[2]
    fact = _asked_of(database_url, role)
    assert [one.name for one in fact.lacking] == ["never_was"]
    assert fact.major >= 15
    assert fact.timeouts_ms[IDLE] == 0
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET {IDLE} = '3min'")
        assert _asked_of(database_url, role).timeouts_ms[IDLE] == 180_000
        owner.execute(f"ALTER ROLE {role} SET {IDLE} = '45s'")
        owner.execute(f"ALTER ROLE {role} SET {STATEMENT} = 20000")
        owner.execute(f"ALTER ROLE {role} IN DATABASE {name} SET {LOCK} = '2s'")
        told = _asked_of(database_url, role)
        assert (told.role, told.timeouts_ms) == (role, {STATEMENT: 20_000.0, LOCK: 2_000.0, IDLE: 45_000.0})
        owner.execute(f"ALTER ROLE {role} IN DATABASE {name} SET {IDLE} = 0")
        assert _asked_of(database_url, role).timeouts_ms[IDLE] == 0
        assert _asked_of(database_url, None).timeouts_ms[IDLE] == 180_000
