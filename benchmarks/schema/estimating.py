"""How long statements take on a large table, beside what a smaller copy foretells."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.tracer import WireTracer
from hotelctl.config.release_env import with_database
from hotelctl.facts.migration_estimate import Size, estimates
from hotelctl.facts.migration_run import placed
from hotelctl.facts.migration_set import MigrationSet
from tests.fakes.evidence import FakeEvidence

ROWS, COPY, FEW = 3_000_000, 200_000, 1_000
ROUNDS = 3
KINDS: Mapping[str, str] = {
    "rewrite: int to bigint": "ALTER TABLE big ALTER number TYPE bigint",
    "rewrite: volatile default": "ALTER TABLE big ADD stamp uuid NOT NULL DEFAULT gen_random_uuid()",
    "rewrite: stored generated": "ALTER TABLE big ADD twice int GENERATED ALWAYS AS (number * 2) STORED",
    "index on int": "CREATE INDEX big_number ON big (number)",
    "index on text": "CREATE INDEX big_name ON big (name)",
    "index, concurrently": "CREATE INDEX CONCURRENTLY big_small ON big (small_id)",
    "unique constraint": "ALTER TABLE big ADD CONSTRAINT big_once UNIQUE (number)",
    "scan: NOT NULL": "ALTER TABLE big ALTER name SET NOT NULL",
    "scan: CHECK": "ALTER TABLE big ADD CONSTRAINT big_named CHECK (length(name) < 200)",
    "scan: foreign key": "ALTER TABLE big ADD FOREIGN KEY (small_id) REFERENCES small",
    "UPDATE of all rows": "UPDATE big SET number = number + 1",
}
_SCHEMA = """
CREATE TABLE small (id int PRIMARY KEY);
CREATE TABLE big (id bigint PRIMARY KEY, number int, name text, small_id int, made_at timestamptz);
"""
_FILL = """
INSERT INTO small SELECT generate_series(1, {few});
INSERT INTO big SELECT g, g, 'a name of some letters ' || g, 1 + g % {few}, now()
FROM generate_series(1, {rows}) g;
VACUUM ANALYZE;
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds: the range that was foretold, and the median, least and greatest that it took."""

    kind: str
    low_s: float
    high_s: float
    took_s: tuple[float, float, float]
    foretold_mb: float
    wrote_mb: float

    @property
    def held(self) -> bool:
        """Whether the range holds what it took."""
        return self.low_s <= self.took_s[0] <= self.high_s


def compared() -> tuple[Compared, ...]:
    """All kinds, on a throw-away server that keeps its promises (fsync on)."""
    with TemporaryDirectory(prefix="estimates-") as held, ExitStack() as stack:
        place = Path(held)
        live = _server(place / "live", {}, stack)
        shadow = _server(place / "shadow", {"fsync": "off", "full_page_writes": "off"}, stack)
        with psycopg.connect(live, autocommit=True) as connection:
            connection.execute(_SCHEMA.encode())
            for one in _FILL.format(rows=ROWS, few=FEW).split(";"):
                connection.execute(one.encode())
        size = _size(live)
        return tuple(_one(kind, sql, live, shadow, size, place) for kind, sql in KINDS.items())


def _server(place: Path, settings: Mapping[str, str], stack: ExitStack) -> str:
    server = EmbeddedPostgres(place, {"autovacuum": "off", "max_wal_size": "4GB", **settings})
    stack.callback(server.stop)
    return server.ensure()


def _one(kind: str, sql: str, live: str, shadow: str, size: Size, place: Path) -> Compared:
    low_s, high_s, foretold = _foretold(sql, shadow, size, place)
    found = [_took(sql, live) for _ in range(ROUNDS)]
    times = sorted(one[0] for one in found)
    wrote = median(one[1] for one in found)
    return Compared(kind, low_s, high_s, (median(times), times[0], times[-1]), foretold / 1e6, wrote / 1e6)


def _foretold(sql: str, shadow: str, size: Size, place: Path) -> tuple[float, float, float]:
    with psycopg.connect(shadow, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS copy WITH (FORCE)")
        connection.execute("CREATE DATABASE copy")
    url = with_database(shadow, "copy")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_SCHEMA.encode())
    many = {"public.big": COPY, "public.small": FEW, "public.big.small_id": FEW}
    with WireTracer(place, FakeEvidence()).watched(url, apart=False, rows=20, many=many, plain=True) as way:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        copy = _size(url)
        with psycopg.connect(way.url, autocommit=True) as connection:
            connection.execute(sql.encode())
        traces = way.traces()
    known = MigrationSet("sql", ())
    ran = placed(traces, known, {})[0]
    found = estimates(ran, {"public.big": size}, {"public.big": copy})
    return (
        sum(one.low_s for one in found),
        sum(one.high_s for one in found),
        sum(one.wal_bytes for one in found),
    )


def _took(sql: str, live: str) -> tuple[float, float]:
    """Seconds, and bytes of write-ahead log; it is taken back."""
    alone = "CONCURRENTLY" in sql
    with psycopg.connect(live, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        before = _wal(connection)
        if not alone:
            connection.execute("BEGIN")
        began = _clock(connection)
        connection.execute(sql.encode())
        took_s = _clock(connection) - began
        wrote = _wal(connection) - before
        connection.execute("DROP INDEX big_small" if alone else "ROLLBACK")
        connection.execute("VACUUM")
    return took_s, wrote


def _clock(connection: psycopg.Connection[tuple[float]]) -> float:
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    return row[0] if row else 0.0


def _wal(connection: psycopg.Connection[tuple[float]]) -> float:
    row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8").fetchone()
    return row[0] if row else 0.0


def _size(url: str) -> Size:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT reltuples::int8, pg_table_size(oid) FROM pg_class WHERE oid = 'big'::regclass"
        ).fetchone()
    return Size(*row) if row else Size(0, 0)
