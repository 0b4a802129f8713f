"""Writes docs/performance-backup.md: `python benchmarks/backup_speed.py`, some minutes in quiet.

It needs 5 GB of disk. A number after it is the size of the database in MB. Exit code 1 when a goal is
missed; the page is written all the same.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_tools import compression, for_server
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.redact import Redactor
from hotelctl.core.units import size
from hotelctl.deploy.backup import Backup, BackupStore, compare

PAGE = Path(__file__).parents[1] / "docs" / "performance-backup.md"
MAJOR, ROUNDS, GOAL = 18, 2, 1.15
SIZE_MB, ROW_BYTES, TABLES = 1000, 196, 4
_FILL = """
CREATE TABLE t{n} (id bigint PRIMARY KEY, hotel int NOT NULL, at timestamptz NOT NULL, body text NOT NULL);
INSERT INTO t{n} SELECT i, i % 200, '2026-01-01'::timestamptz + i * interval '1 s',
  md5(i::text) || repeat('guest note ', 2) || md5((i * 7)::text) || ' and so on'
FROM generate_series(1, {rows}) i;
CREATE INDEX ON t{n} (hotel, at);
"""


@dataclass
class Found:
    """Seconds of each kind of work, one a round; `size_bytes` has the database, `dump_bytes` its backup.

    `load` is how many programs wanted a processor while it was measured.
    """

    size_bytes: int
    load: float = 0.0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    rows: int = 0
    dump_bytes: int = 0
    method: str = ""

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """One more round of that kind."""
        began = time.monotonic()
        yield
        self.seconds.setdefault(kind, []).append(time.monotonic() - began)

    def ratio(self, ours: str, bare: str) -> float:
        """Of the medians."""
        return median(self.seconds[ours]) / median(self.seconds[bare])


@dataclass(frozen=True)
class Bench:
    """A filled database at `url`, and how hotelctl works on it; everything is written below `place`."""

    url: str
    place: Path
    databases: PostgresDatabases
    files: LocalFiles

    def run(self, program: str, *words: str, url: str) -> None:
        """The bare program. Raises `CalledProcessError`."""
        env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **Address(url).environment()}
        subprocess.run([for_server(MAJOR).path(program), *words], env=env, check=True)

    def scratch(self, name: str) -> str:
        """The URL of a database `name` that is empty now."""
        self.databases.drop(self.url, name)
        return self.databases.create(self.url, name)


@contextmanager
def bench(size_mb: int) -> Iterator[Bench]:
    """On a server that keeps its promises (fsync on) and forgets nothing before the end."""
    with tempfile.TemporaryDirectory(prefix="bb-") as directory:
        place, evidence = Path(directory).resolve(), Unrecorded(Redactor(), SystemClock())
        server = EmbeddedPostgres(place / "pgdata", {"max_wal_size": "4GB"}, major=MAJOR)
        processes = LocalProcesses(evidence, SystemClock(), os.environ)
        databases = PostgresDatabases(processes, evidence, SystemClock())
        try:
            url = databases.create(server.ensure(), "bench")
            for n in range(TABLES):
                databases.execute(url, _FILL.format(n=n, rows=size_mb * 1_000_000 // ROW_BYTES // TABLES))
            databases.execute_each(url, ["VACUUM ANALYZE", "CHECKPOINT"])
            yield Bench(url, place, databases, LocalFiles(evidence, place))
        finally:
            server.stop()


def measured(one: Bench) -> Found:
    """Each kind of work in turn, in every round, so that what else the machine does meets all of them."""
    rows = one.databases.query(one.url, "SELECT pg_database_size(current_database())").values
    found = Found(int(rows[0][0]))
    for _ in range(ROUNDS):
        _dump(one, found)
        made = _backup(one, found)
        found.rows, found.dump_bytes, found.method = made.rows, made.size_bytes, made.compression
        _restore(one, found, made)
    found.load = os.getloadavg()[1]
    return found


def _dump(one: Bench, found: Found) -> None:
    place = one.place / "bare"
    shutil.rmtree(place, ignore_errors=True)
    words = ("--format=directory", "--jobs=2", f"--file={place}", *compression(for_server(MAJOR)).words)
    with found.timed("pg_dump"):
        one.run("pg_dump", *words, "--no-password", url=one.url)


def _store(one: Bench) -> BackupStore:
    return BackupStore("backup", DirectoryVault(one.place, one.files), one.files, SystemClock())


def _backup(one: Bench, found: Found) -> Backup:
    _store(one).delete()
    with found.timed("backup"):
        return _store(one).take(one.databases, one.url, None)


def _restore(one: Bench, found: Found, made: Backup) -> None:
    store, dump = _store(one), str(one.place / "backup" / "dump")
    copy = one.scratch("bare_copy")
    with found.timed("pg_restore"):
        one.run("pg_restore", "--jobs=2", "--no-owner", "--exit-on-error", "-d", "bare_copy", dump, url=copy)
    one.databases.drop(one.url, "bare_copy")
    copy = one.scratch("own_copy")
    with found.timed("restore"):
        one.databases.restore(Path(dump), copy)
    parts: Mapping[str, Callable[[], object]] = {
        "digests of the files": lambda: store.damage(made),
        "rows and checksums": lambda: compare(made.tables, one.databases.counts(copy)),
        "schema": lambda: one.databases.schema(copy),
    }
    for kind, act in parts.items():
        with found.timed(kind):
            answer = act()
        if kind != "schema" and answer:
            raise SystemExit(f"{kind}: {answer}")
    one.databases.drop(one.url, "own_copy")


_PAGE = """# How fast backups and restores are

Written by `python benchmarks/backup_speed.py`; do not edit. Machine: {cores} cores, Python {python},
PostgreSQL {major} of the wheel, fsync on, all on one disk. The database has {size}: {rows:,} rows of
{tables} tables with two indexes each. Its backup has {dump} ({method}). Median of {rounds} rounds (least to
most); in each round all kinds of work come one after the other. Goal: <= {goal} times the bare program.

| wall time | bare program | hotelctl | ratio |
|---|---|---|---|
| backup | {pg_dump} | {backup} | {dumping:.2f} |
| restore | {pg_restore} | {restore} | {restoring:.2f} |

{load:.0f} programs wanted one of the {cores} processors meanwhile, on average. With more than there are, what
is measured is mostly how long each waited for the others, and only the order of size can be relied on.

The bare programs are `pg_dump -Fd -j2` and `pg_restore -j2 --no-owner --exit-on-error`, with the same
compression. A backup is the dump, the counts, checksums and schema of its snapshot, the digests of the files,
and everything on the disk.

## What it costs to verify

A trial restore is a restore and what is compared afterwards:

| what | takes |
|---|---|
{parts}
| all of it | {all:.1f} s, {times:.2f} times a bare `pg_restore` |

Rows and checksums are read while `pg_dump` runs, one table after the other, on one more connection; where
all cores are busy with compression, that is what a backup takes longer. They read each row once and make a
hash of its text.
"""
_COMPARED = ("pg_dump", "backup", "pg_restore", "restore")
_VERIFY = ("digests of the files", "restore", "rows and checksums", "schema")


def page(found: Found) -> str:
    """What is measured, the goals, and the figures."""
    told = {kind: _seconds(taken) for kind, taken in found.seconds.items()}
    whole = sum(median(found.seconds[kind]) for kind in _VERIFY)
    return _PAGE.format(
        cores=os.cpu_count(),
        python=platform.python_version(),
        major=MAJOR,
        size=size(found.size_bytes),
        rows=found.rows,
        tables=TABLES,
        dump=size(found.dump_bytes),
        method=found.method,
        rounds=ROUNDS,
        dumping=found.ratio("backup", "pg_dump"),
        restoring=found.ratio("restore", "pg_restore"),
        goal=GOAL,
        parts="\n".join(f"| {kind} | {told[kind]} |" for kind in _VERIFY),
        all=whole,
        times=whole / median(found.seconds["pg_restore"]),
        load=found.load,
        **{kind: told[kind] for kind in _COMPARED},
    )


def _seconds(taken: list[float]) -> str:
    return f"{median(taken):.1f} s ({min(taken):.1f} to {max(taken):.1f})"


def main(size_mb: int) -> int:
    """0 when every goal is kept."""
    with bench(size_mb) as one:
        found = measured(one)
    PAGE.write_text(page(found), encoding="utf-8")
    sys.stdout.write(page(found))
    ratios = (found.ratio("backup", "pg_dump"), found.ratio("restore", "pg_restore"))
    return int(max(ratios) > GOAL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else SIZE_MB))
