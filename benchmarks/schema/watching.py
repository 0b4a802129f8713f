"""What the watched run says of each labelled migration, in the words of the labels."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.planted.migrations.cases import HAZARDS, INVALID_INDEX, MigrationCase
from benchmarks.planted.migrations.shops import FILLED, PLAIN, Shops
from hotelctl.adapters.tracer import WireTracer
from hotelctl.facts.hazards import hazards
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.preflight import leaves_index, preflight
from hotelctl.facts.sql_split import split_sql
from tests.fakes.evidence import FakeEvidence

ROWS = 20
_DATA = ("22", "23")


def told(case: MigrationCase, shops: Shops) -> frozenset[str]:
    """The labels that the run gives the case."""
    traces = traced(case, shops, ROWS, plain=False)
    for rows in (ROWS, 0):
        if not _refused(traces):
            break
        # What stands in the way may be the made-up rows themselves.
        traces = traced(case, shops, rows, plain=True)
    found = {str(one.kind) for trace in traces for one in hazards(trace)}
    if _left_behind(traces, shops):
        found.add(INVALID_INDEX)
    return frozenset(found) & HAZARDS


def _left_behind(traces: tuple[Trace, ...], shops: Shops) -> bool:
    """Whether rows of the filled base, asked as live ones are, let an index fail that stays behind then."""
    asked = [
        one.sql
        for trace in traces
        for one in preflight(trace)
        if leaves_index(trace.statements[one.statement].sql)
    ]
    if not asked:
        return False
    with shops.fresh(FILLED) as url, psycopg.connect(url) as connection:
        return any(connection.execute(sql.encode()).fetchone() != (0,) for sql in asked)


def _refused(traces: tuple[Trace, ...]) -> bool:
    return any(one.error and one.error.sqlstate[:2] in _DATA for trace in traces for one in trace.statements)


def traced(case: MigrationCase, shops: Shops, rows: int, *, plain: bool) -> tuple[Trace, ...]:
    """The case run on a copy of the base, whose tables get so many made-up rows."""
    with (
        shops.fresh(PLAIN) as url,
        _place() as place,
        WireTracer(place, FakeEvidence()).watched(url, apart=False, rows=rows, plain=plain) as way,
    ):
        _run(case, way.url)
        return way.traces()


def _run(case: MigrationCase, url: str) -> None:
    try:
        with psycopg.connect(url, autocommit=not case.transaction, prepare_threshold=None) as connection:
            if case.transaction:
                connection.execute(case.sql.encode())
                return
            for one in split_sql(case.sql):
                connection.execute(one.text.encode())
    except psycopg.Error:
        # The trace has it.
        return


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
