"""How far a dump and a restore are, while they run."""

import re
from pathlib import Path

import pytest

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.postgres_watch import _Seen
from hotelctl.core.moving import Watcher

pytestmark = pytest.mark.database
ROWS = 150_000
_FILL = """
CREATE TABLE many (id int, body text);
INSERT INTO many SELECT n, repeat(md5(n::text), 12) FROM generate_series(1, 150000) n;
ANALYZE many;
"""
_SAID = re.compile(r"[\d.]+ [kM]?B, ([\d,]+) of 150,000 rows(, [\d,]+ rows/s, .*(left|next))?")


def _rows(said: list[str]) -> list[int]:
    found = [_SAID.fullmatch(line) for line in said]
    assert all(found), said
    return [int(one[1].replace(",", "")) for one in found if one]


def test_bytes_rows_rate_and_time_left_are_told_while_rows_move(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    databases.execute(database_url, _FILL)
    dumped: list[str] = []
    told = databases.dump(database_url, tmp_path / "dump", Watcher(dumped.append, 0.05))
    rows = _rows(dumped)
    assert rows == sorted(rows)
    assert any(0 < one < ROWS for one in rows)

    restored: list[str] = []
    known = {name: table.rows for name, table in told.tables.items()}
    copy = databases.create(database_url, Address(database_url).database + "_b")
    try:
        databases.restore(tmp_path / "dump", copy, Watcher(restored.append, 0.05, known))
    finally:
        databases.drop(database_url, Address(copy).database)
    assert any(0 < one <= ROWS for one in _rows(restored))


def test_which_table_is_compared_is_told_while_it_is_read(
    databases: PostgresDatabases, database_url: str
) -> None:
    databases.execute(database_url, _FILL)
    databases.execute(database_url, "CREATE TABLE aside AS SELECT 1 AS id")
    said: list[str] = []
    counts = databases.counts(
        database_url, Watcher(said.append, 0.01, {"public.many": ROWS, "public.aside": 1})
    )
    assert counts["public.many"].rows == ROWS
    assert said
    begins = "comparing public.many, 1 of 2 tables done, 1 of 150,001 rows"
    assert all(line.startswith(begins) for line in said[1:]), said


def test_short_work_is_not_told_and_what_cannot_be_watched_goes_on(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    said: list[str] = []
    databases.execute(database_url, "CREATE TABLE few (id int)")
    databases.dump(database_url, tmp_path / "dump", Watcher(said.append, 60))
    assert said == []


def test_a_table_that_is_through_counts_whole() -> None:
    seen = _Seen({"a": 10, "b": 5})
    assert seen.now({"a": 4}) == 4
    assert seen.now({"b": 1}) == 11
    assert seen.now({}) == 15
