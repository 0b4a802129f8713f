from pathlib import Path

import pytest

from hotelctl.core.ports import Completed
from hotelctl.core.work import Migrated
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import from_sql
from hotelctl.facts.old_model import Drift
from hotelctl.facts.schema_text import BuiltSchema, LiveSchema, SchemaAtLive
from hotelctl.probes.built_schema import built_schema, schema_at_live
from tests.probes.test_artifact import _wheel
from tests.probes.test_live_database import _world
from tests.probes.worlds import PROJECT, URL, World, completed


def _ready() -> World:
    world = _world()
    world.work.wheel = _wheel()
    for name in ("1.sql", "2.sql"):
        world.write(f"migrations/{name}", "x")
    return world


def _alembic() -> World:
    """One that lives at the first of two revisions."""
    world = _world(migrations={"kind": "alembic", "directory": "m", "command": ["up"]})
    world.work.wheel = _wheel()
    world.work.applied, world.work.kind = ("1",), "alembic"
    world.write("m/versions/a.py", 'revision = "1"')
    world.write("m/versions/b.py", 'revision = "2"\ndown_revision = "1"')
    return world


def test_an_upgrade_from_empty_in_a_scratch_database_that_is_gone_afterwards() -> None:
    world = _ready()
    world.work.applied = ()
    world.work.model = completed(1, "column is missing")
    fact = world.fact(BuiltSchema)
    assert (fact.ok, fact.revision, fact.model_exit, fact.model_words) == (
        True,
        "2.sql",
        1,
        "column is missing",
    )
    assert world.work.upgrades == [("hotelctl_scratch_built", None)]
    assert set(world.databases.databases) == {"live", "postgres"}


def test_a_broken_chain_is_a_fact_and_no_environment_is_none() -> None:
    world = _ready()
    world.work.migrated = Migrated(ok=False, revision="1.sql", applied=("1.sql",), why="no such table")
    assert (world.fact(BuiltSchema).ok, world.fact(BuiltSchema).why) == (False, "no such table")
    world.work.installed = completed(1)
    assert "could not be installed" in world.why_not(BuiltSchema)


def test_an_upgrade_by_sql_files_halts_at_the_live_revision_where_it_is_not_the_newest() -> None:
    world = _ready()
    world.work.applied = ("1.sql", "2.sql")
    assert world.fact(SchemaAtLive).revision == "2.sql"
    assert [revision for _, revision in world.work.upgrades] == [None]
    world = _ready()
    world.databases.at(URL).ddl = "CREATE TABLE rooms ();"
    assert world.fact(SchemaAtLive).revision == "1.sql"
    assert world.work.upgrades == [("hotelctl_scratch_built", "1.sql"), ("hotelctl_scratch_built", None)]


def test_an_upgrade_that_fails_on_the_way_to_the_live_revision_goes_no_further() -> None:
    world = _ready()
    world.work.migrated = Migrated(ok=False, revision=None, applied=(), why="no such table")
    built = world.fact(BuiltSchema)
    assert (built.why, built.at_live) == ("no such table", None)
    assert world.work.upgrades == [("hotelctl_scratch_built", "1.sql")]
    world = _ready()
    world.work.migrated = Migrated(ok=False, revision=None, applied=(), why="no such table")
    assert world.fact(SchemaAtLive).why == "no such table"


def test_an_upgrade_by_alembic_is_one_command_whatever_lives() -> None:
    world = _alembic()
    assert world.fact(SchemaAtLive).revision == "1"
    assert world.work.upgrades == [("hotelctl_scratch_built", None), ("hotelctl_scratch_live", "1")]


def test_of_another_tool_both_ledgers_are_told_apart_from_what_migrations_make() -> None:
    world = World(migrations={"kind": "prisma", "directory": "prisma"})
    known = from_sql({"prisma/1/migration.sql": b""}, "prisma")
    live = LiveDatabase("live", "18.1", Role("owner"), ("1",), ())
    there = LiveSchema("live", "1", "")
    built = BuiltSchema("", "1", "")
    fact = schema_at_live(world.context(), live, there, known, built, MigrationPlace(Path("/s"), None))
    assert fact.ledgers == ("_prisma_migrations", "schema_migrations")


def test_never_migrated_and_unknown_revisions() -> None:
    world = _ready()
    world.work.applied = ()
    assert world.why_not(SchemaAtLive).startswith("NotApplicable")
    world.work.applied = ("9.sql",)
    assert "no migration of this checkout" in world.why_not(SchemaAtLive)


def test_migrations_that_nothing_runs_are_unknown_and_none_at_all_no_question() -> None:
    silent = World(migrations={"kind": "alembic", "directory": "m"})
    silent.work.wheel = _wheel()
    silent.write("m/versions/a.py", 'revision = "a"')
    assert silent.why_not(BuiltSchema) == (
        "Unavailable: hotelctl.toml: has no migrations.command, so they cannot be run"
    )
    assert World(migrations=None, build=None).why_not(BuiltSchema).startswith("NotApplicable")


def test_an_extension_that_the_throw_away_server_lacks_is_no_fault_of_the_migrations() -> None:
    world = _ready()
    why = 'extension "pgcrypto" is not available (0A000)'
    world.work.migrated = Migrated(ok=False, revision=None, applied=(), why=why)
    assert world.fact(BuiltSchema).why == why
    world = _ready()
    world.work.migrated = Migrated(ok=False, revision=None, applied=(), why=why)
    world.database_url = None
    assert world.why_not(BuiltSchema).startswith(
        "Unavailable: the throw-away PostgreSQL does not offer the extension pgcrypto"
    )


def test_drift_is_named_by_alembic_on_copies_and_never_on_the_live_database() -> None:
    world = _alembic()
    world.databases.at(URL).ddl = "CREATE TABLE rooms ();"
    world.databases.answer("FROM alembic_version", ("a",), [("1",)])
    gone = '[{"kind": "add_column", "table": "rooms", "name": "text", "required": false}]'
    world.work.compared = [completed(text="[]"), completed(text=gone)]
    fact = world.fact(SchemaAtLive)
    assert fact.named == (Drift("rooms", "column rooms.text is missing"),)
    assert all("hotelctl_scratch" in url for url in world.work.compared_at)


@pytest.mark.parametrize("second", [completed(1, "no module"), completed(text="?")])
def test_models_that_cannot_be_compared_leave_the_dumps_as_they_are(second: Completed) -> None:
    world = _alembic()
    world.databases.at(URL).ddl = "CREATE TABLE rooms ();"
    world.databases.answer("FROM alembic_version", ("a",), [("1",)])
    world.work.compared = [completed(text="[]"), second]
    assert (world.fact(SchemaAtLive).named, world.fact(SchemaAtLive).ok) == ((), True)


def test_what_a_file_made_before_it_was_changed_cannot_be_built() -> None:
    world = _world(migrations={"kind": "flyway", "directory": "f"})
    world.work.wheel = _wheel()
    for name in ("V1__a.sql", "R__b.sql"):
        world.write(f"f/{name}", "x")
    world.work.applied = ("V1__a.sql", "R__b.sql")
    world.databases.answer("FROM flyway_schema_history", ("n", "c"), [("R__b.sql", 7)])
    assert world.why_not(SchemaAtLive).startswith(
        "Unavailable: the files of now do not build what lives: R__b.sql was changed since it ran"
    )


def test_a_numbered_file_that_is_pending_was_not_there_when_others_ran_again() -> None:
    world = _world(migrations={"kind": "flyway", "directory": "f"})
    texts = {f"f/{name}": b"x" for name in ("V1__a.sql", "V2__b.sql", "R__c.sql")}
    world.files.directories |= {Path("/s"), world.workspace / "lived"}
    for root in (Path("/s"), PROJECT):
        world.files.content.update({root / path: text for path, text in texts.items()})
    world.databases.answer("FROM flyway_schema_history", ("n", "c"), [("R__c.sql", None)])
    known, place = from_sql(texts, "flyway"), MigrationPlace(Path("/s"), Path("/venv"))
    live = LiveDatabase("live", "18.1", Role("owner"), ("V1__a.sql", "R__c.sql"), ())
    built = built_schema(world.context(), known, place, DatabaseStand(live))
    assert built.at_live is None
    assert schema_at_live(world.context(), live, LiveSchema("live", "R__c.sql", ""), known, built, place).ok
    assert world.work.upgrades == [("hotelctl_scratch_built", None), ("hotelctl_scratch_live", "R__c.sql")]
    lived = [path.name for path in world.files.content if "lived" in path.parts]
    assert sorted(lived) == ["R__c.sql", "V1__a.sql"]
