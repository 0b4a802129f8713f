import pytest

from hotelctl.facts.migration_trace import noted_revision


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE alembic_version SET version_num='2b' WHERE alembic_version.version_num = '1a'",
        "INSERT INTO alembic_version (version_num) VALUES ('2b') RETURNING alembic_version.version_num",
        "  insert  into public.alembic_version values ('2b')",
        "INSERT INTO schema_migrations (name, sha256) VALUES ('2b', 'e3b0c442')",
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
        "INSERT INTO alembic_versions VALUES ('2b')",
        "INSERT INTO log VALUES ('INSERT INTO alembic_version VALUES (''2b'')')",
        "",
    ],
)
def test_any_other_statement_notes_none(sql: str) -> None:
    assert noted_revision(sql) == ""
