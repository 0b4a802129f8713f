import hashlib
import json
import zlib

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.sql_migrations import SqlMigrations
from hotelctl.checks.schema.no_applied_migration_was_edited import no_applied_migration_was_edited
from hotelctl.config.release_env import database_identity
from hotelctl.core.errors import LeftOut
from hotelctl.facts.applied_migrations import Applied, AppliedMigrations, database_key, to_json
from hotelctl.facts.live_database import LiveDatabase
from hotelctl.facts.migration_set import MigrationSet
from tests.checks import made
from tests.probes.worlds import PROJECT, STATE, URL, World

_OTHER = "postgresql://owner@db.invalid/other"


def _world(kind: str = "alembic") -> World:
    command = ["up"] if kind == "alembic" else []
    world = World(migrations={"kind": kind, "directory": "migrations", "command": command})
    world.databases.answer(
        "current_database(), current_setting", ("a", "b", "c"), [("live", "18.4", "owner")]
    )
    world.databases.answer("SELECT o.kind", ("t",), [])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    return world


def _alembic() -> World:
    world = _world()
    world.write("migrations/a.py", "revision = 'a'\n")
    world.write("migrations/b.py", "revision = 'b'\ndown_revision = 'a'\n")
    world.work.applied = ("b",)
    return world


def _note(world: World, *applied: Applied, url: str = URL) -> None:
    notes = {database_key(database_identity(url)): {one.revision: one for one in applied}}
    world.files.write_durable(STATE / "applied.json", json.dumps(to_json(notes)).encode())


_A = Applied("a", "migrations/a.py", "1" * 64, (), "d1", "c" * 40)
_GONE = Applied("g", "migrations/g.py", "2" * 64, ("h",), "d1", "c" * 40)


def test_the_notes_of_this_database_are_read_for_what_it_has() -> None:
    world = _alembic()
    _note(world, _A, Applied("later", "migrations/later.py", "5" * 64, ("b",)))
    fact = world.fact(AppliedMigrations)
    assert fact == AppliedMigrations("live", ".hotelctl/local/applied.json", (_A,), ("b",))


def test_what_stands_below_a_file_that_is_gone_is_applied_too() -> None:
    world = _alembic()
    world.work.applied = ("g",)
    _note(world, _GONE)
    assert world.fact(AppliedMigrations) == AppliedMigrations(
        "live", ".hotelctl/local/applied.json", (_GONE,), ("h",)
    )


def test_without_any_note_nothing_can_be_told_and_a_deploy_is_not_held_back() -> None:
    world = _alembic()
    assert world.why_not(AppliedMigrations) == (
        "Unavailable: no digest was noted of the 2 revisions that live has: each deploy notes them from now "
        "on in .hotelctl/local/applied.json"
    )
    _note(world, _A, url=_OTHER)
    assert "no digest was noted" in world.why_not(AppliedMigrations)
    world.deploying = True
    assert isinstance(world.had(AppliedMigrations).trouble, LeftOut)


def test_notes_that_were_spoilt_are_said_and_hold_no_deploy_back() -> None:
    world = _alembic()
    world.files.write_durable(STATE / "applied.json", b"{")
    why = ".hotelctl/local/applied.json: cannot be read: it is no JSON"
    assert world.why_not(AppliedMigrations) == f"Unavailable: {why}"
    world.deploying = True
    assert world.why_not(AppliedMigrations) == f"LeftOut: {why}"


def test_a_database_that_was_never_migrated_has_nothing_to_compare() -> None:
    world = _alembic()
    world.work.applied = ()
    assert world.why_not(AppliedMigrations) == "NotApplicable: the database was never migrated"


def test_plain_sql_is_told_by_the_database_itself() -> None:
    world = _world("sql")
    world.write("migrations/1.sql", "SELECT 1;\n")
    world.work.applied = ("1.sql", "2.sql")
    digest = hashlib.sha256(b"SELECT 1;\n").hexdigest()
    rows = [("1.sql", digest, "2026-03-01T12:00:00+00:00"), ("2.sql", "2" * 64, None)]
    world.databases.answer("to_jsonb(m)", ("n", "s", "a"), rows)
    first = Applied("1.sql", "migrations/1.sql", digest, at="2026-03-01T12:00:00+00:00")
    second = Applied("2.sql", "migrations/2.sql", "2" * 64)
    assert world.fact(AppliedMigrations) == AppliedMigrations("live", "schema_migrations", (first, second))
    by_deploy = Applied("1.sql", "migrations/1.sql", digest, (), "d1", "c" * 40, "then")
    _note(world, by_deploy, Applied("2.sql", "migrations/2.sql", "other", (), "d1"))
    assert world.fact(AppliedMigrations).noted == (by_deploy, second)
    world.files.write_durable(STATE / "applied.json", b"spoilt")
    assert world.fact(AppliedMigrations).noted == (first, second)


@pytest.mark.database
def test_an_edit_is_found_by_what_a_real_database_holds(database_url: str) -> None:
    world = World()
    world.write("migrations/1.sql", "CREATE TABLE rooms (no int);\n")
    world.write("migrations/2.sql", "SELECT 1;\n")
    processes = LocalProcesses(world.evidence, SystemClock(), {})
    real = PostgresDatabases(processes, world.evidence, SystemClock())
    world.databases, world.database_url = real, database_url  # type: ignore[assignment]
    sql = SqlMigrations(real, world.files)
    assert sql.migrate(PROJECT / "migrations", database_url).ok
    world.work.applied = tuple(sql.applied(database_url))

    def judged() -> list[str]:
        facts = world.fact(MigrationSet), world.fact(AppliedMigrations)
        return [found.message for found in made.judged(no_applied_migration_was_edited, *facts)]

    assert judged() == []
    assert world.fact(AppliedMigrations).noted[0].at.startswith("20")
    world.write("migrations/1.sql", "CREATE TABLE rooms (no int);\n\n")
    world.files.remove(PROJECT / "migrations/2.sql")
    edited, gone = judged()
    assert edited.startswith("migrations/1.sql: was edited after it had been applied to test_")
    assert gone.startswith("migrations/2.sql: is gone after it had been applied to test_")
    real.execute(database_url, "ALTER TABLE schema_migrations DROP COLUMN applied_at")
    assert world.fact(AppliedMigrations).noted[0].at == ""


def test_digests_of_another_tool_are_those_that_it_notes() -> None:
    world = _world("prisma")
    world.write("migrations/1_a/migration.sql", "SELECT 1;\n")
    world.work.applied = ("1_a",)
    world.databases.answer("FROM _prisma_migrations", ("n", "s"), [("1_a", "a" * 64)])
    (one,) = world.fact(AppliedMigrations).noted
    assert (one.revision, one.path, one.sha256) == ("1_a", "migrations/1_a/migration.sql", "a" * 64)


def _flyway(**noted: int | None) -> World:
    """Each file holds nothing but its own name, of which the checksum is `SUMS`."""
    world = _world("flyway")
    for name in SUMS:
        world.write(f"migrations/{name}.sql", name)
    world.work.applied = tuple(f"{name}.sql" for name in noted)
    rows = [(f"{name}.sql", number) for name, number in noted.items()]
    world.databases.answer("FROM flyway_schema_history", ("n", "s"), rows)
    return world


SUMS = {name: zlib.crc32(name.encode()) for name in ("V1__aa", "V2__a", "R__c")}
SUMS = {name: one - 2**32 if one >= 2**31 else one for name, one in SUMS.items()}


def test_flyway_s_checksums_tell_whether_a_file_was_edited() -> None:
    world = _flyway(**SUMS)
    fact = world.fact(AppliedMigrations)
    assert {one.revision for one in fact.noted} == {"V1__aa.sql", "V2__a.sql", "R__c.sql"}
    known = world.fact(MigrationSet)
    assert made.judged(no_applied_migration_was_edited, known, fact) == []
    (one,) = made.judged(
        no_applied_migration_was_edited,
        known,
        _flyway(**SUMS | {"V1__aa": -1234567890}).fact(AppliedMigrations),
    )
    assert one.message.startswith("migrations/V1__aa.sql: was edited after it had been applied to live: ")
    assert "applied crc32 -1234567890, now " in one.message


def test_a_file_that_flyway_runs_again_is_pending_and_no_edited_one() -> None:
    world = _flyway(**SUMS | {"R__c": 7})
    assert world.fact(LiveDatabase).revisions == ("V1__aa.sql", "V2__a.sql")
    assert {one.revision for one in world.fact(AppliedMigrations).noted} == {"V1__aa.sql", "V2__a.sql"}
    known = world.fact(MigrationSet)
    assert known.above(world.fact(LiveDatabase).revisions) == ("R__c.sql",)
    world.write("migrations/R__d.sql", "later by name")
    known = world.fact(MigrationSet)
    assert known.above(["V1__aa.sql", "V2__a.sql", "R__d.sql"]) == ("R__c.sql",)


def test_what_flyway_noted_nothing_of_is_not_judged() -> None:
    fact = _flyway(V1__aa=None, V2__a=SUMS["V2__a"]).fact(AppliedMigrations)
    assert ([one.revision for one in fact.noted], fact.unknown) == (["V2__a.sql"], ("V1__aa.sql",))
    assert _flyway(V1__aa=None).why_not(AppliedMigrations) == (
        "Unavailable: flyway_schema_history notes no digest that could be compared"
    )
