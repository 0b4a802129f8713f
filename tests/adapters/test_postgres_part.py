"""A part of a dump is restored: whole tables, and no foreign key leads to a row that is not there."""

import os
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.errors import StepFailed
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database
_SCHEMA = """
CREATE TABLE hotels (id int PRIMARY KEY, name text);
CREATE TABLE bookings (id int PRIMARY KEY, hotel int REFERENCES hotels) PARTITION BY RANGE (id);
CREATE TABLE bookings_1 PARTITION OF bookings FOR VALUES FROM (0) TO (1000);
CREATE TABLE events (id int PRIMARY KEY, booking int REFERENCES bookings);
CREATE MATERIALIZED VIEW busy AS SELECT hotel, count(*) FROM bookings GROUP BY 1;
INSERT INTO hotels SELECT n, 'hotel ' || n FROM generate_series(1, 3) n;
INSERT INTO bookings SELECT n, 1 + n % 3 FROM generate_series(1, 50) n;
INSERT INTO events SELECT n, 1 + n % 50 FROM generate_series(1, 400) n;
SELECT lo_from_bytea(0, 'large');
"""


def test_only_named_tables_have_rows_and_the_schema_is_whole(database_url: str, tmp_path: Path) -> None:
    evidence, clock = FakeEvidence(), SystemClock()
    databases = PostgresDatabases(LocalProcesses(evidence, clock, os.environ), evidence, clock)
    databases.execute(database_url, _SCHEMA)
    dumped = databases.dump(database_url, tmp_path / "b" / "dump")
    name = f"{database_url.rpartition('/')[2].partition('?')[0]}_part"
    parts = ({"public.hotels"}, {"public.hotels", "public.bookings_1"}, set[str]())
    try:
        for only in parts:
            databases.drop(database_url, name)
            copy = databases.create(database_url, name)
            databases.restore(tmp_path / "b" / "dump", copy, only=only)
            found = databases.counts(copy)
            assert {table for table, one in found.items() if one.rows} == only
            assert all(found[table] == dumped.tables[table] for table in only)
            assert databases.schema(copy) == dumped.schema
            assert databases.query(copy, "SELECT count(*) FROM pg_largeobject_metadata").values == ((0,),)
        databases.drop(database_url, name)
        copy = databases.create(database_url, name)
        with pytest.raises(StepFailed, match=r"cannot be restored.*violates foreign key"):
            databases.restore(tmp_path / "b" / "dump", copy, only={"public.events"})
    finally:
        databases.drop(database_url, name)
