import os
import secrets

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.schema_text import LiveSchema
from tests.probes.worlds import World


def _world() -> World:
    world = World()
    world.databases.answer(
        "current_database(), current_setting", ("a", "b", "c"), [("live", "18.4", "owner")]
    )
    world.databases.answer("relkind IN ('r', 'p') AND n.nspname", ("t",), [("public.rooms",)])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    world.work.applied = ("1.sql",)
    return world


def test_tables_revisions_and_roles() -> None:
    world = _world()
    fact = world.fact(LiveDatabase)
    assert (fact.name, fact.tables, fact.revisions) == ("live", ("public.rooms",), ("1.sql",))
    assert fact.runtime.exists
    assert not fact.runtime.superuser
    world.databases.at("postgresql://x/live").ddl = "CREATE TABLE t ();"
    assert world.fact(LiveSchema).text == "CREATE TABLE t ();"
    assert world.fact(LiveSchema).revision == "1.sql"


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


@pytest.mark.database
def test_a_real_server_tells_tables_and_role_attributes(database_url: str) -> None:
    name = f"role_{secrets.token_hex(4)}"
    world = World(database={"url_env": "DATABASE_URL", "runtime_role": name})
    processes = LocalProcesses(world.evidence, SystemClock(), os.environ)
    real = PostgresDatabases(processes, world.evidence, SystemClock())
    world.database_url = database_url
    world.databases = real  # type: ignore[assignment]  # the port, not its fake
    ddl = (
        f"CREATE ROLE {name} BYPASSRLS; CREATE SCHEMA other; CREATE TABLE other.rooms (id int);"
        f"CREATE TABLE alembic_version (v text); ALTER TABLE other.rooms OWNER TO {name};"
    )
    real.execute(database_url, ddl)
    try:
        fact = world.fact(LiveDatabase)
        assert fact.tables == ("other.rooms",)
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
