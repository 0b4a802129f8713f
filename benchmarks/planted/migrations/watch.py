"""Runs a migration and writes down what the server and other sessions see of it: no word of SQL is judged."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import ActiveSqlTransaction, InvalidTransactionTermination

from benchmarks.planted.migrations.cases import MigrationCase
from benchmarks.planted.migrations.statements import statements

State = Mapping[str, Mapping[str, Any]]
"""What `prove.state()` says: by the name of a table that was there before."""

_REFUSED = "55P03"
_EXISTS = "42P07"
_TICK_S = 0.005
_PATIENCE = "SET lock_timeout = '20ms'"
_STRONG = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
_TABLES = """
SELECT relation::regclass::text FROM prove.existing JOIN pg_class ON oid = relation WHERE kind <> 'm'
"""
_WAITING = "SELECT locktype, relation::regclass::text, mode FROM pg_locks WHERE pid = %s AND NOT granted"
_ENDED_INSIDE = (ActiveSqlTransaction, InvalidTransactionTermination)


@dataclass(frozen=True, slots=True)
class Step:
    """From one state to the next; tables of `refused` kept a writer out when the statement was done."""

    before: State
    after: State
    refused: frozenset[str]


@dataclass(slots=True)
class Seen:
    """All that was seen of a run; `changed` is the most rows that one statement changed, by table.

    `error` is the SQLSTATE that ended it, `invalid` names indexes that are left or were taken for good.
    """

    rows: Mapping[str, int]
    steps: list[Step] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)
    error: str = ""
    lost: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()
    invalid: frozenset[str] = frozenset()
    failed_plans: frozenset[str] = frozenset()

    def note_changed(self, changed: Mapping[str, int]) -> None:
        """Keep what is more than before."""
        for table, rows in changed.items():
            self.changed[table] = max(self.changed.get(table, 0), rows)


class Watch:
    """One run in the database at `url`: the migrator, a live session, and one that tries to write."""

    def __init__(self, url: str) -> None:
        """Connect all three; the live session prepares a query of everything that there is."""
        self._migrator, self._live, self._writer = (_session(url) for _ in range(3))
        self._skipped: list[str] = []
        self._migrator.add_notice_handler(
            lambda said: (
                self._skipped.append(said.message_primary or "") if said.sqlstate == _EXISTS else None
            )
        )
        self._pid = self._migrator.info.backend_pid
        known = self._live.execute("SELECT name, kind, rows FROM prove.existing").fetchall()
        self._views = frozenset(name for name, kind, _ in known if kind == "m")
        self.seen = Seen({name: rows for name, _, rows in known})
        self._writer.execute(_PATIENCE)
        self._plans = self._prepared()
        self._zone = "UTC"

    def close(self) -> None:
        """End the sessions."""
        for session in (self._migrator, self._live, self._writer):
            session.close()

    def run(self, case: MigrationCase) -> Seen:
        """What the case did, to its end or to its first error."""
        try:
            if case.transaction:
                self._execute("BEGIN")
            for statement in statements(case.sql):
                if case.transaction:
                    self._inside(statement)
                else:
                    self._alone(statement)
            self._zone = self._one(self._migrator, "SELECT current_setting('TimeZone')")
            if case.transaction:
                self._execute("COMMIT")
        except psycopg.Error as error:
            self.seen.error = error.sqlstate or "?"
            self._execute("ROLLBACK")
        self._look_back()
        return self.seen

    def _inside(self, statement: str) -> None:
        before = self._state()
        self._execute("SET prove.noted = '[]'")
        self._execute(statement)
        noted = self._one(self._migrator, "SELECT current_setting('prove.noted')::jsonb")
        after = self._state()
        refused = frozenset(table for table, one in after.items() if one["locked"] and self._refused(table))
        states = [before, *noted, after]
        self.seen.steps += [Step(*pair, refused) for pair in pairwise(states)]
        self.seen.note_changed(
            {table: one["changed"] - before[table]["changed"] for table, one in after.items()}
        )

    def _alone(self, statement: str) -> None:
        """In a transaction of its own, as far as the server runs it in one that others can look at."""
        self._execute("BEGIN")
        try:
            self._inside(statement)
        except _ENDED_INSIDE:
            self._execute("ROLLBACK")
            self._outside(statement)
        else:
            self._execute("COMMIT")

    def _outside(self, statement: str) -> None:
        """Beside a session that has written to every table and not committed: what waits for it is seen."""
        before = self._state()
        first = self._one(self._migrator, "SELECT pg_current_xact_id()::text")
        errors: list[psycopg.Error] = []

        def run() -> None:
            try:
                self._execute(statement)
            except psycopg.Error as error:
                errors.append(error)

        with self._writing():
            thread = threading.Thread(target=run)
            thread.start()
            waiting = self._waits(thread)
        thread.join()
        if errors:
            raise errors[0]
        blocked = frozenset(
            table for kind, table, mode in waiting if kind == "relation" and table and mode in _STRONG
        )
        self.seen.steps.append(Step(before, _locked(self._state(), blocked), blocked))
        changed = self._one(self._migrator, "SELECT prove.changed_since(%s::xid8)", first)
        self.seen.note_changed(changed)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._writer.execute("BEGIN")
        for (table,) in self._live.execute(_TABLES).fetchall():
            self._writer.execute(_lock(table))
        try:
            yield
        finally:
            self._writer.execute("ROLLBACK")

    def _waits(self, thread: threading.Thread) -> list[tuple[str, str | None, str]]:
        while thread.is_alive():
            if waiting := self._live.execute(_WAITING, (self._pid,)).fetchall():
                return waiting
            time.sleep(_TICK_S)
        return []

    def _refused(self, table: str) -> bool:
        """Whether a writer of the table waits; of a materialized view, which takes none, a reader."""
        self._writer.execute("BEGIN")
        try:
            self._writer.execute(_read(table) if table in self._views else _lock(table))
        except psycopg.Error as error:
            return error.sqlstate == _REFUSED
        finally:
            self._writer.execute("ROLLBACK")
        return False

    def _look_back(self) -> None:
        live, seen = self._live, self.seen
        # In another zone the same moment reads otherwise: what was migrated there is read back there.
        live.execute("SELECT set_config('TimeZone', %s, false)", (self._zone,))
        seen.lost = frozenset(name for (name,) in live.execute("SELECT prove.lost()"))
        seen.emptied = frozenset(name for (name,) in live.execute("SELECT prove.emptied()"))
        query = """
            SELECT relname, relation IS NULL FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            LEFT JOIN prove.indexes ON relation = indexrelid WHERE NOT indisvalid
        """
        said = "\n".join(self._skipped)
        seen.invalid = frozenset(name for name, new in live.execute(query) if new or f'"{name}"' in said)
        seen.failed_plans = frozenset(name for name, plan in self._plans.items() if self._fails(plan))

    def _prepared(self) -> dict[str, sql.Identifier]:
        query = """
            SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v')
            AND relnamespace::regnamespace::text IN ('public', 'archive')
        """
        names = [name for (name,) in self._live.execute(query)]
        plans = {name: sql.Identifier(f"plan_{number}") for number, name in enumerate(names)}
        for name, plan in plans.items():
            words = sql.SQL("PREPARE {} AS SELECT * FROM {} LIMIT 1").format(plan, sql.SQL(name))
            self._live.execute(words)
        return plans

    def _fails(self, plan: sql.Identifier) -> bool:
        try:
            self._live.execute(sql.SQL("EXECUTE {}").format(plan))
        except psycopg.Error as error:
            return error.sqlstate == "0A000"
        return False

    def _state(self) -> State:
        found: State = self._one(self._migrator, "SELECT prove.state()")
        return found

    def _execute(self, words: str) -> None:
        self._migrator.execute(words.encode())

    def _one(self, session: psycopg.Connection, words: str, *values: str) -> Any:  # noqa: ANN401 - JSON is any shape
        row = session.execute(words.encode(), values).fetchone()
        return row[0] if row else None


def _session(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, prepare_threshold=None)


def _lock(table: str) -> sql.Composed:
    """A writer's; the name is one that the server has quoted itself."""
    return sql.SQL("LOCK TABLE ONLY {} IN ROW EXCLUSIVE MODE").format(sql.SQL(table))


def _read(table: str) -> sql.Composed:
    return sql.SQL("SELECT FROM {} LIMIT 1").format(sql.SQL(table))


def _locked(state: State, blocked: frozenset[str]) -> State:
    """The state as it was while the statement ran: it holds nothing any more when it is done."""
    return {table: {**one, "locked": table in blocked} for table, one in state.items()}
