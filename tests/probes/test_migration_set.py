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
