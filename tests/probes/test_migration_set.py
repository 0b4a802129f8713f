from hotelctl.facts.migration_set import MigrationSet
from tests.probes.worlds import World


def test_sql_files_and_alembic_revisions() -> None:
    world = World()
    world.write("migrations/1.sql", "x")
    world.write("migrations/2.sql", "x")
    assert world.fact(MigrationSet).heads == ("2.sql",)
    world = World(migrations={"kind": "alembic", "directory": "m", "command": ["up"]})
    world.write("m/versions/a.py", 'revision = "a"')
    world.write("m/env.py", "")
    found = world.fact(MigrationSet)
    assert [one.path for one in found.revisions] == ["m/versions/a.py"]


def test_none_and_undeclared_are_told_apart() -> None:
    assert World().why_not(MigrationSet) == "Unavailable: migrations holds no migration"
    assert World(migrations=None).why_not(MigrationSet).startswith("NotApplicable")


def test_prismas_and_flyways_files_are_read_in_their_order() -> None:
    world = World(migrations={"kind": "prisma", "directory": "prisma/migrations"})
    for name in ("02_more", "01_init"):
        world.write(f"prisma/migrations/{name}/migration.sql", "x")
    assert [one.id for one in world.fact(MigrationSet).revisions] == ["01_init", "02_more"]
    world = World(migrations={"kind": "flyway", "directory": "sql"})
    for name in ("V10__b.sql", "V9__a.sql"):
        world.write(f"sql/{name}", "x")
    assert world.fact(MigrationSet).heads == ("V10__b.sql",)


def test_what_hotelctl_cannot_read_is_unknown_for_the_reason_that_is_written_down() -> None:
    world = World(migrations={"kind": "other", "directory": "shop", "why": "they are programs"})
    assert world.why_not(MigrationSet) == "Unavailable: shop: they are programs"
