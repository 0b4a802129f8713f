import pytest

from hotelctl.facts.found.migrations import MigrationDirectory, migration_directories
from tests.services.shapes import DJANGO, EXPRESS, FASTAPI, NEXT, TWO_PARTS, Files


def found(files: Files) -> list[tuple[str, str, int, bool]]:
    """Kind, directory, files, and whether it can be read."""
    texts = {name: text for name, text in files.items() if isinstance(text, str)}
    return [(one.kind, one.directory, one.files, not one.why) for one in migration_directories(files, texts)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (FASTAPI, ("alembic", "migrations", 2, True)),
        (TWO_PARTS, ("alembic", "backend/migrations", 2, True)),
        (EXPRESS, ("sql", "db/migrations", 2, True)),
        (NEXT, ("prisma", "prisma/migrations", 1, True)),
        (DJANGO, ("django", "rooms/migrations", 1, False)),
    ],
)
def test_each_kind_is_known_by_its_files(files: Files, expected: tuple[str, str, int, bool]) -> None:
    assert found(files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        {"migrations/001_a.up.sql": "", "migrations/001_a.down.sql": ""},
        {"migrations/1.sql": "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"},
        {"migrations/1.sql": "-- +goose Up\n-- +goose Down\n"},
    ],
)
def test_files_that_take_migrations_back_would_be_run_and_are_not_read(files: Files) -> None:
    (one,) = found(files)
    assert one[0] == "sql"
    assert not one[3]


@pytest.mark.parametrize(
    "files",
    [
        {"queries/001_report.sql": ""},
        {"migrations/seed.sql": ""},
        {"app/versions/a.py": 'revision = "a"\n'},
        {"migrations/0001_x.py": "nothing of it\n"},
    ],
)
def test_what_only_looks_like_migrations_is_none(files: Files) -> None:
    assert found(files) == []


def test_what_can_be_read_comes_first() -> None:
    both = {**DJANGO, "deep/down/db/migrations/001.sql": ""}
    assert [one[:2] for one in found(both)] == [
        ("sql", "deep/down/db/migrations"),
        ("django", "rooms/migrations"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"db/clickhouse/migrations/01_a.sql": "SELECT 1;"},
        {"migrations/1.sql": "CREATE TABLE a (id UInt8) ENGINE = MergeTree;"},
        {"migrations/1.sql": "CREATE TABLE `a` (id int);"},
        {"sql/V1__a.sql": "CREATE TABLE a (id int AUTO_INCREMENT);"},
        {
            "prisma/migrations/1/migration.sql": "",
            "prisma/migrations/migration_lock.toml": 'provider = "mysql"\n',
        },
    ],
)
def test_what_is_for_another_database_is_not_run_on_postgresql(files: Files) -> None:
    (one,) = found(files)
    assert not one[3]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "src/main/resources/db/migration/V1__a.sql": "",
                "src/main/resources/db/migration/U1__a.sql": "",
            },
            ("flyway", "src/main/resources/db/migration", 1, True),
        ),
        ({"sql/V1__a.sql": "GRANT SELECT ON a TO ${reader};"}, ("flyway", "sql", 1, False)),
        ({"packages/db/migration/1_a/migration.sql": ""}, ("prisma", "packages/db/migration", 1, True)),
        (
            {"db/migration/1_a/migration.sql": "", "db/migration/2_b/migration.ts": ""},
            ("prisma", "db/migration", 1, False),
        ),
    ],
)
def test_the_layouts_of_flyway_and_prisma(files: Files, expected: tuple[str, str, int, bool]) -> None:
    assert found(files) == [expected]


def test_the_place_that_shows_it_is_told() -> None:
    (one,) = migration_directories(("m/migrations/1.sql",), {})
    assert one == MigrationDirectory("sql", "m/migrations", 1, "m/migrations/1.sql")


def test_djangos_many_directories_are_one_thing() -> None:
    made = {
        f"{app}/migrations/000{n}_x.py": "class Migration(migrations.Migration): ..."
        for app in "abc"
        for n in (1, 2)
    }
    (one,) = migration_directories(made, made)
    assert (one.directory, one.files, one.more) == ("a/migrations", 6, 2)
