import pytest

from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, SqlError, noted_revision, shown
from tests.facts.traces import ROOMS, did, trace


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE alembic_version SET version_num='2b' WHERE alembic_version.version_num = '1a'",
        "INSERT INTO alembic_version (version_num) VALUES ('2b') RETURNING alembic_version.version_num",
        "  insert  into public.alembic_version values ('2b')",
        "INSERT INTO schema_migrations (name, sha256) VALUES ('2b', 'e3b0c442')",
        "UPDATE ops.journal SET version_num='2b' WHERE ops.journal.version_num = '1a'",
        "INSERT INTO \"the Journal\" (version_num) VALUES ('2b') RETURNING version_num",
    ],
)
def test_the_statement_that_notes_a_revision(sql: str) -> None:
    assert noted_revision(sql) == "2b"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM alembic_version WHERE alembic_version.version_num = '2b'",
        "SELECT '2b' FROM alembic_version",
        "UPDATE rooms SET name = '2b'",
        "INSERT INTO rooms (name, version_num) VALUES ('2b', 1)",
        "INSERT INTO alembic_versions VALUES ('2b')",
        "UPDATE contracts SET version_num = '2b'",
        "UPDATE contracts SET version_num = '2b' WHERE signed",
        "UPDATE contracts SET version_num = '2b', text = '' WHERE contracts.version_num = '1a'",
        "INSERT INTO contracts (version_num) VALUES ('2b'), ('2c')",
        "INSERT INTO contracts (version_num) VALUES ('2b') ON CONFLICT (id) DO UPDATE SET version_num = 'x'",
        "INSERT INTO log VALUES ('INSERT INTO alembic_version VALUES (''2b'')')",
        "",
    ],
)
def test_any_other_statement_notes_none(sql: str) -> None:
    assert noted_revision(sql) == ""


def test_what_was_seen_is_told_line_by_line() -> None:
    first = did(
        "ALTER TABLE rooms\n ADD x int",
        locks={ROOMS: LockMode.ACCESS_EXCLUSIVE},
        blocked={ROOMS: ("reads", "writes")},
        rows={ROOMS: Rows(1, 20, 0, 3, 0)},
        duration_ms=1.23,
    )
    second = did("SELEC 1", None, error=SqlError("42601", "syntax error"), duration_ms=0.5)
    assert shown((trace(first, second),)).splitlines() == [
        "[1] ALTER TABLE rooms ADD x int (1.2 ms)",
        "    ACCESS EXCLUSIVE on public.rooms: reads and writes waited",
        "    public.rooms: 20 rows read from the first on, 3 updated",
        "[1] SELEC 1 (0.5 ms)",
        "    42601 syntax error",
    ]
