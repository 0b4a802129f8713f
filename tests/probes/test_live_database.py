import os
import secrets
from typing import Any

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.schema_text import LiveDump, LiveSchema
from tests.probes.worlds import URL, World


def _world(**service: Any) -> World:  # noqa: ANN401 - of the service file
    world = World(**service)
    world.databases.answer(
        "current_database(), current_setting", ("a", "b", "c"), [("live", "18.4", "owner")]
    )
    world.databases.answer("SELECT o.kind", ("t",), [("table public.rooms",)])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    world.work.applied = ("1.sql",)
    return world


def test_objects_revisions_and_roles() -> None:
    world = _world()
    fact = world.fact(LiveDatabase)
    assert (fact.name, fact.objects, fact.revisions) == ("live", ("table public.rooms",), ("1.sql",))
    assert fact.runtime.exists
    assert not fact.runtime.superuser
    world.write("migrations/1.sql", "x")
    world.databases.at("postgresql://x/live").ddl = "CREATE TABLE t ();"
    assert world.fact(LiveSchema).text == "CREATE TABLE t ();"
    assert world.fact(LiveSchema).revision == "1.sql"


def test_of_a_database_that_was_never_migrated_no_schema_is_read() -> None:
    world = _world()
    world.write("migrations/1.sql", "x")
    world.work.applied = ()
    assert world.why_not(LiveSchema) == "NotApplicable: the database was never migrated"


@pytest.mark.parametrize(
    ("applied", "baselines", "why"),
    [
        ((), [("4",)], "flyway_schema_history begins with a baseline at 4 and names no numbered file yet"),
        (("R__a.sql",), [("4",)], "flyway_schema_history begins with a baseline at 4"),
        (("R__a.sql",), [], ""),
        (("V5__b.sql",), [("4",)], ""),
    ],
)
def test_a_baseline_that_no_numbered_file_follows_tells_nothing_of_files(
    applied: tuple[str, ...], baselines: list[tuple[str]], why: str
) -> None:
    world = _world(migrations={"kind": "flyway", "directory": "f"})
    world.work.applied = applied
    world.databases.answer("FROM flyway_schema_history", ("n", "s"), [])
    world.databases.answer("to_regclass", ("there",), [(True,)])
    world.databases.answer("type = 'BASELINE'", ("version",), baselines)
    assert world.fact(DatabaseStand).why.startswith(why)
    assert bool(world.fact(DatabaseStand).live) is not bool(why)


@pytest.mark.parametrize(
    ("pending", "elsewhere", "prepared"),
    [("2.sql", None, [URL]), ("0.sql", None, [URL]), ("1.sql", None, []), ("2.sql", "SHADOW_URL", [])],
)
def test_the_server_for_shadows_starts_while_the_schema_is_read_where_something_is_pending(
    pending: str, elsewhere: str | None, prepared: list[str]
) -> None:
    world = _world(migrations={"kind": "sql", "directory": "migrations", "shadow_url_env": elsewhere})
    for name in ("1.sql", pending):
        world.write(f"migrations/{name}", "x")
    live = world.databases.at(URL)
    live.owned = "ALTER TABLE rooms OWNER TO them;"
    assert world.fact(LiveDump) == LiveDump(live.ddl + live.owned)
    assert world.scratch.prepared == prepared


def test_an_absent_role_is_a_fact() -> None:
    world = _world()
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [])
    assert not world.fact(LiveDatabase).runtime.exists


def test_no_url_no_server_and_no_database_at_all() -> None:
    world = _world()
    world.database_url = None
    assert world.why_not(LiveDatabase) == "Unavailable: no database is configured for this environment"
    world = _world()
    world.databases.down = "connection refused"
    assert world.why_not(LiveDatabase) == "Unavailable: DATABASE_URL: connection refused"
    assert world.had(DatabaseStand).value == DatabaseStand(None, "DATABASE_URL: connection refused")
    assert World(database=None).why_not(LiveDatabase).startswith("NotApplicable")
    assert World(database=None).had(DatabaseStand).value == DatabaseStand(None)


def _real(world: World, url: str) -> PostgresDatabases:
    """The world asks the server of `url` from now on."""
    processes = LocalProcesses(world.evidence, SystemClock(), os.environ)
    real = PostgresDatabases(processes, world.evidence, SystemClock())
    world.database_url = url
    world.databases = real  # type: ignore[assignment]  # the port, not its fake
    return real


@pytest.mark.database
@pytest.mark.parametrize(
    ("ddl", "objects"),
    [
        ("CREATE TABLE rooms (id int) PARTITION BY LIST (id)", ["table public.rooms"]),
        ("CREATE TABLE rooms (id serial, n int GENERATED ALWAYS AS IDENTITY)", ["table public.rooms"]),
        ("CREATE VIEW seen AS SELECT 1 AS x", ["view public.seen"]),
        ("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS x", ["materialized view public.kept"]),
        ("CREATE SEQUENCE numbers", ["sequence public.numbers"]),
        (
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
            "CREATE FOREIGN TABLE far (x int) SERVER s",
            ["foreign table public.far"],
        ),
        ("CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1", ["function public.one"]),
        ("CREATE PROCEDURE act() LANGUAGE sql AS 'SELECT 1'", ["procedure public.act"]),
        ("CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)", ["aggregate public.total"]),
        ("CREATE TYPE state AS ENUM ('a')", ["type public.state"]),
        ("CREATE TYPE pair AS (a int, b int)", ["type public.pair"]),
        ("CREATE TYPE span AS RANGE (SUBTYPE = time)", ["type public.span"]),
        ("CREATE DOMAIN name AS text", ["type public.name"]),
        ("CREATE SCHEMA hotelctl CREATE TABLE theirs (id int)", ["table hotelctl.theirs"]),
        ("CREATE TABLE alembic_version (version_num text)", ["table public.alembic_version"]),
        ("CREATE TABLE schema_migrations (version bigint, dirty bool)", ["table public.schema_migrations"]),
        (
            "CREATE SCHEMA other CREATE TABLE schema_migrations (name text, sha256 text)",
            ["table other.schema_migrations"],
        ),
        ("CREATE TABLE b (id int); CREATE TYPE a AS ENUM ('a')", ["table public.b", "type public.a"]),
        ("SELECT 1", []),
        ("CREATE SCHEMA own; CREATE TEMPORARY TABLE gone (id int)", []),
        (
            "CREATE TABLE brought (id serial); CREATE VIEW seen AS SELECT 1 AS x; CREATE TYPE span AS RANGE"
            " (SUBTYPE = time); CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1;"
            "ALTER EXTENSION plpgsql ADD TABLE brought; ALTER EXTENSION plpgsql ADD VIEW seen;"
            "ALTER EXTENSION plpgsql ADD TYPE span; ALTER EXTENSION plpgsql ADD FUNCTION one()",
            [],
        ),
        ("CREATE TABLE schema_migrations (name text, sha256 text, applied_at timestamptz)", []),
    ],
)
def test_a_real_server_tells_all_that_is_there(database_url: str, ddl: str, objects: list[str]) -> None:
    world = World()
    _real(world, database_url).execute(database_url, ddl)
    assert list(world.fact(LiveDatabase).objects) == objects


@pytest.mark.database
def test_the_ledger_is_left_out_for_the_kind_that_keeps_it(database_url: str) -> None:
    world = World(migrations={"kind": "alembic", "directory": "migrations", "command": ["up"]})
    real = _real(world, database_url)
    real.execute(database_url, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    assert world.fact(LiveDatabase).objects == ()
    real.execute(database_url, "CREATE TABLE schema_migrations (name text, sha256 text)")
    assert world.fact(LiveDatabase).objects == ("table public.schema_migrations",)


@pytest.mark.database
def test_a_real_server_tells_role_attributes(database_url: str) -> None:
    name = f"role_{secrets.token_hex(4)}"
    world = World(database={"url_env": "DATABASE_URL", "runtime_role": name})
    real = _real(world, database_url)
    ddl = (
        f"CREATE ROLE {name} BYPASSRLS; CREATE SCHEMA other; CREATE TABLE other.rooms (id int);"
        f"ALTER TABLE other.rooms OWNER TO {name};"
    )
    real.execute(database_url, ddl)
    try:
        fact = world.fact(LiveDatabase)
        assert fact.owner.superuser
        role = fact.runtime
        assert (role.exists, role.can_log_in, role.bypasses_rls, role.owns) == (
            True,
            False,
            True,
            ("other.rooms",),
        )
        assert not role.member_of_owner
        real.execute(database_url, f"GRANT {fact.owner.name} TO {name}")
        assert world.fact(LiveDatabase).runtime.member_of_owner
    finally:
        real.execute(database_url, f"DROP OWNED BY {name}; DROP ROLE {name}")
