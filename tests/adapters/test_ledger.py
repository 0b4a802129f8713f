import pytest

from hotelctl.adapters.ledger import keeps
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.facts.migration_set import LEDGERS

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("ddl", "kind"),
    [
        ("SELECT 1", None),
        ("CREATE TABLE schema_migrations (name text, sha256 text, applied_at timestamptz)", "sql"),
        ("CREATE TABLE schema_migrations (version bigint, dirty bool)", None),
        ("CREATE TABLE alembic_version (version_num varchar(32))", "alembic"),
        ("CREATE TABLE alembic_version (v text)", None),
        ("CREATE SCHEMA other CREATE TABLE alembic_version (version_num text)", None),
    ],
)
def test_a_table_of_the_same_name_is_not_always_the_ledger(
    database_url: str, databases: PostgresDatabases, ddl: str, kind: str | None
) -> None:
    databases.execute(database_url, ddl)
    kept = [name for name, ledger in LEDGERS.items() if keeps(databases, database_url, ledger)]
    assert kept == ([kind] if kind else [])
