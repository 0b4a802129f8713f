"""Dumps, restores and schema texts by PostgreSQL's own client programs."""

import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.disk import make_directories, sync_directory, sync_tree
from hotelctl.adapters.postgres_contents import rows_of
from hotelctl.adapters.postgres_counts import begin_snapshot, count_tables
from hotelctl.adapters.postgres_tools import Tools, compression, understands
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.postgres_watch import watched
from hotelctl.core.dumped import Dumped, Packing, TableCount
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.moving import Watcher
from hotelctl.core.ports import Command, Completed, Processes

if TYPE_CHECKING:
    from psycopg import Connection

_ANY = Packing()
_JOBS = "--jobs=2"
# These differ between two dumps of one schema. The last one is told where `public` has another owner than
# initdb gave it, and is only words.
_VOLATILE = re.compile(
    r"^(-- Dumped (from|by) .*|\\(un)?restrict .*"
    r"|--\n-- Name: public; Type: SCHEMA; Schema: -; Owner: -\n--\n\n"
    r"-- \*not\* creating schema, since initdb creates it\n\n)\n",
    re.MULTILINE,
)
_CANCEL_S = 5.0
_SCHEMA_LIMIT_BYTES = 256_000_000
# The log's place is for people: a role that may not know it still makes a whole backup.
_ORIGIN = """
SELECT pg_catalog.pg_export_snapshot(), current_setting('server_version_num')::int / 10000,
  CASE WHEN has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
       THEN (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) END,
  CASE WHEN NOT has_function_privilege('pg_catalog.pg_current_wal_insert_lsn()', 'EXECUTE') THEN NULL
       WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()::text
       ELSE pg_catalog.pg_current_wal_insert_lsn()::text END
"""
_DISK_FULL = re.compile(r"No space left|Disk quota", re.IGNORECASE)


class ClientTools:
    """Runs pg_dump and pg_restore; passwords go by environment, never by argument."""

    def __init__(self, processes: Processes, tools: Tools, limit_s: float) -> None:
        """Use these programs, each call within the limit."""
        self._processes = processes
        self._tools = tools
        self._limit_s = limit_s

    def schema(self, address: Address, *of: str, owners: bool = False) -> str:
        """`pg_dump --schema-only` without what differs from run to run, and without owners by default."""
        program = self._tools.path("pg_dump")
        words = ["--schema-only", "--no-password", *([] if owners else ["--no-owner"]), *of]
        if understands(program, "--restrict-key"):
            words.append("--restrict-key=x")
        done = self._run(address, program, *words, limit=_SCHEMA_LIMIT_BYTES)
        if not done.ok or done.truncated:
            raise Unavailable(f"the schema of {address} cannot be read: {_said(done)}")
        return _VOLATILE.sub("", done.stdout)

    def dump(
        self,
        address: Address,
        connection: "Connection[tuple[Any, ...]]",
        destination: Path,
        watcher: Watcher | None = None,
        packing: Packing = _ANY,
    ) -> Dumped:
        """The dump is in `destination`, on the disk, whole; counts and schema are of the same snapshot."""
        begin_snapshot(connection, self._limit_s)
        row = connection.execute(_ORIGIN).fetchone()
        snapshot, major, system, wal = row or ("", 0, None, None)
        method = compression(self._tools, packing)
        words = (f"--snapshot={snapshot}", "--lock-wait-timeout=30s", "--no-password", *method.words)
        with _counted(connection) as counts:
            schema = self.schema(address, f"--snapshot={snapshot}")
            part = destination.with_name(f"{destination.name}.part")
            with watched(address, watcher, part):
                self._write(address, destination, part, words)
            tables = counts.result()
        return Dumped(tables, schema, major, system, wal, method.name, method.level)

    def _write(self, address: Address, destination: Path, part: Path, words: tuple[str, ...]) -> None:
        shutil.rmtree(part, ignore_errors=True)
        make_directories(part.parent)
        form = ("--format=directory", _JOBS, f"--file={part}", "--no-sync")
        done = self._run(address, self._tools.path("pg_dump"), *form, *words)
        if not done.ok:
            shutil.rmtree(part, ignore_errors=True)
            raise _failed(f"{address} cannot be dumped", done)
        sync_tree(part)
        if destination.exists():
            shutil.rmtree(destination)
        part.rename(destination)
        sync_directory(destination.parent)

    def restore(self, source: Path, address: Address, only: Collection[str] | None = None) -> None:
        """The dump is in the database. Raises `StepFailed` with the server's words.

        Of rows `only` those of these tables, where it is given, and no large objects.
        """
        if only is None:
            self._restore(source, address)
            return
        with tempfile.NamedTemporaryFile("w", prefix="hotelctl-", suffix=".list") as wanted:
            wanted.write(rows_of(self._contents(source, address), only))
            wanted.flush()
            self._restore(source, address, f"--use-list={wanted.name}")

    def _contents(self, source: Path, address: Address) -> str:
        done = self._run(
            address, self._tools.path("pg_restore"), "--list", str(source), limit=_SCHEMA_LIMIT_BYTES
        )
        if not done.ok or done.truncated:
            raise _failed(f"the contents of the dump {source.name} cannot be read", done)
        return done.stdout

    def _restore(self, source: Path, address: Address, *more: str) -> None:
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - the driver loads libpq

        into = f"--dbname={make_conninfo(dbname=address.database)}"
        words = (_JOBS, "--no-owner", "--exit-on-error", "--no-password", *more, into, str(source))
        done = self._run(address, self._tools.path("pg_restore"), *words)
        if not done.ok:
            raise _failed(f"the dump {source.name} cannot be restored into {address}", done)

    def _run(self, address: Address, *argv: str, limit: int = 8_000_000) -> Completed:
        env = {"PGCONNECT_TIMEOUT": "5", "PGAPPNAME": "hotelctl", **address.environment()}
        return self._processes.run(
            Command(argv, env=env, timeout_s=self._limit_s, output_limit_bytes=limit, beside=True)
        )


@contextmanager
def _counted(connection: "Connection[tuple[Any, ...]]") -> Iterator[Future[Mapping[str, TableCount]]]:
    """Counts and checksums, read while the block runs; whoever fails there does not wait for them.

    When they fail themselves, the snapshot is gone and the block fails, too: theirs is the reason.
    """
    with ThreadPoolExecutor(1) as beside:
        counts = beside.submit(count_tables, connection)
        try:
            yield counts
        except Exception as error:
            if counts.done() and (reason := counts.exception()) is not None:
                raise reason from error
            connection.cancel_safe(timeout=_CANCEL_S)
            raise


def _failed(what: str, done: Completed) -> StepFailed:
    said = _said(done)
    if _DISK_FULL.search(said):
        return StepFailed(f"{what}: no space is left on the disk", "make room, then run it again")
    if "row-level security" in said:
        return StepFailed(
            f"{what}: row-level security would hide rows from this role",
            "give the owner's URL, or the attribute BYPASSRLS to that role",
        )
    return StepFailed(f"{what}: {said}", "the whole output is in the evidence")


def _said(done: Completed) -> str:
    """The first complaint, without the program's name."""
    if done.timed_out:
        return f"not done after {done.duration_s:.0f} s"
    lines = [line for line in done.stderr.splitlines() if "error:" in line or "FATAL" in line]
    first = (lines or done.tail(1).splitlines() or [f"ended with {done.exit_code}"])[0]
    return re.sub(r"^pg_(dump|restore): (error: )?", "", first)
