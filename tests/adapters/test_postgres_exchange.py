import secrets
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_exchange import PostgresExchange, _unpaired
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import Unavailable
from hotelctl.core.exchange import TableLoss

pytestmark = pytest.mark.database
_BOTH = """
CREATE TABLE "Odd name" ("A b" int, t text); CREATE TABLE same (x int);
INSERT INTO "Odd name" SELECT n, 'x' FROM generate_series(1, 10) n; INSERT INTO same VALUES (1);
"""


@given(st.lists(st.integers(0, 6)), st.lists(st.integers(0, 6)))
def test_what_has_no_partner_is_counted_twin_by_twin(first: list[int], second: list[int]) -> None:
    only = sum(max(0, first.count(n) - second.count(n)) for n in set(first))
    others = sum(max(0, second.count(n) - first.count(n)) for n in set(second))
    assert _unpaired(iter(sorted(first)), iter(sorted(second))) == (only, others)


@pytest.fixture
def copy(databases: PostgresDatabases, database_url: str) -> Iterator[str]:
    name = f"copy_{secrets.token_hex(6)}"
    yield databases.create(database_url, name)
    databases.drop(database_url, name)


def test_rows_are_compared_by_what_both_have(
    databases: PostgresDatabases, database_url: str, copy: str
) -> None:
    for url in (database_url, copy):
        databases.execute(url, _BOTH)
    databases.execute(
        database_url,
        'ALTER TABLE "Odd name" ADD COLUMN later int DEFAULT 7; ALTER TABLE "Odd name" DROP COLUMN t;'
        'UPDATE "Odd name" SET "A b" = 100 WHERE "A b" = 1; INSERT INTO "Odd name" VALUES (2);'
        "CREATE TABLE new_one (x int); INSERT INTO new_one VALUES (1), (2)",
    )
    databases.execute(copy, "CREATE TABLE gone (x int); INSERT INTO gone VALUES (1)")
    tables = {
        "public.Odd name": (10, 11),
        "public.same": (1, 1),
        "public.new_one": (0, 2),
        "public.gone": (1, 0),
    }
    found = PostgresExchange(databases).differences(database_url, copy, tables)
    assert found == (
        TableLoss("public.Odd name", 10, 11, 2, 1),
        TableLoss("public.same", 1, 1, 0, 0),
        TableLoss("public.new_one", 0, 2, 2, 0),
        TableLoss("public.gone", 1, 0, 0, 1),
    )


def test_a_name_with_a_dot_in_either_part_hides_no_row(
    databases: PostgresDatabases, database_url: str, copy: str
) -> None:
    for url in (database_url, copy):
        databases.execute(
            url, 'CREATE SCHEMA "a.b"; CREATE TABLE "a.b".c (n int); CREATE TABLE "d.e" (n int)'
        )
    databases.execute(database_url, 'INSERT INTO "a.b".c VALUES (1), (2); INSERT INTO "d.e" VALUES (1)')
    tables = {"a.b.c": (0, 2), "public.d.e": (0, 1)}
    found = PostgresExchange(databases).differences(database_url, copy, tables)
    assert [(one.name, one.lost) for one in found] == [("a.b.c", 2), ("public.d.e", 1)]
    databases.execute(database_url, 'CREATE SCHEMA a; CREATE TABLE a."b.c" (n int)')
    with pytest.raises(Unavailable, match=r"a\.b\.c would lose cannot be told: 2 tables are called so"):
        PostgresExchange(databases).differences(database_url, copy, tables)


def test_what_was_written_into_a_column_that_is_new_would_be_lost(
    databases: PostgresDatabases, database_url: str, copy: str
) -> None:
    for url in (database_url, copy):
        databases.execute(
            url, "CREATE TABLE people (n int); INSERT INTO people SELECT generate_series(1, 10)"
        )
    databases.execute(
        database_url,
        "ALTER TABLE people ADD COLUMN passport text, ADD COLUMN seen int DEFAULT 3;"
        "UPDATE people SET passport = 'P' || n WHERE n <= 4; UPDATE people SET seen = 0 WHERE n = 5",
    )
    found = PostgresExchange(databases).differences(database_url, copy, {"public.people": (10, 10)})
    assert found == (TableLoss("public.people", 10, 10, 5, 5),)


def test_rows_without_columns_are_counted(databases: PostgresDatabases, database_url: str, copy: str) -> None:
    for url in (database_url, copy):
        databases.execute(url, "CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES")
    databases.execute(database_url, "INSERT INTO bare DEFAULT VALUES; CREATE TABLE news ()")
    databases.execute(database_url, "INSERT INTO news DEFAULT VALUES")
    tables = {"public.bare": (1, 2), "public.news": (0, 1)}
    found = PostgresExchange(databases).differences(database_url, copy, tables)
    assert [(one.lost, one.back) for one in found] == [(1, 0), (1, 0)]


def test_the_log_is_measured_on_the_same_server_only(databases: PostgresDatabases, database_url: str) -> None:
    exchange = PostgresExchange(databases)
    asked = "SELECT system_identifier::text, pg_current_wal_lsn()::text FROM pg_control_system()"
    ((system, wal),) = databases.query(database_url, asked).values
    # In one transaction with its table, a server that logs little would log none of the rows.
    databases.execute(database_url, "CREATE TABLE t (n int)")
    databases.execute(database_url, "INSERT INTO t SELECT n FROM generate_series(1, 1000) n")
    grown = exchange.wal_bytes(database_url, system, wal)
    assert grown is not None
    assert grown > 10_000
    for unknown in (("1", wal), (None, wal), (system, None)):
        assert exchange.wal_bytes(database_url, *unknown) is None


def test_a_database_keeps_its_number_when_two_change_places(
    databases: PostgresDatabases, database_url: str, copy: str
) -> None:
    exchange = PostgresExchange(databases)
    live, name = Address(database_url).database, Address(copy).database
    before = exchange.numbers(database_url)
    exchange.swap(database_url, name, f"{live}_old")
    try:
        after = exchange.numbers(database_url)
        assert (after[live], after[f"{live}_old"]) == (before[name], before[live])
        assert name not in after
    finally:
        exchange.swap(database_url, f"{live}_old", name)
    assert exchange.numbers(database_url) == before
