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
        (NEXT, ("prisma", "prisma/migrations", 1, False)),
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
        {"migrations/V1__a.sql": "", "migrations/U1__a.sql": ""},
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
    both = {**NEXT, "deep/down/db/migrations/001.sql": ""}
    assert [one[:2] for one in found(both)] == [
        ("sql", "deep/down/db/migrations"),
        ("prisma", "prisma/migrations"),
    ]


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
