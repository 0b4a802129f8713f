"""Every statement of a session is watched: what it locks, reads, changes, and who has to wait meanwhile."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame, Refusal
from hotelctl.adapters.wire.observer import Observer
from hotelctl.adapters.wire.parts import OF_ROWS, Part, only_parsed, parts, word_of
from hotelctl.adapters.wire.patience import Patience
from hotelctl.adapters.wire.questions import HAND_IN, WORK
from hotelctl.adapters.wire.row_counts import kept_locked, rows_in, since
from hotelctl.adapters.wire.session import Answer, Session
from hotelctl.adapters.wire.sight import Sight
from hotelctl.adapters.wire.timed import broken_off, timed
from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, SqlError, Trace, Traced, noted_revision
from hotelctl.facts.sql_split import first_words, split_sql

# What would not do the same inside a transaction of our own, or does nothing to a table.
_CONTROL = frozenset(
    {
        *("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare", "set"),
        *("reset", "show", "discard", "deallocate", "listen", "unlisten", "notify", "checkpoint", "load"),
        *("lock", "declare"),
    }
)
_ENDS = frozenset({"commit", "end", "rollback", "abort"})
_BACK = frozenset({"rollback", "abort"})
# With one of these among them, statements that are sent at once are not one transaction.
_BOUNDS = frozenset({*_ENDS, "begin", "start", "savepoint", "release"})
# These touch no table, and some of them refuse to come behind a question.
_SETTING = frozenset({"set", "show", "reset"})
# PostgreSQL's words for "not inside a transaction" and for a COMMIT within a body that is inside one.
_OUTSIDE_ONLY = frozenset({"25001", "2D000"})
_AROUND = 40


@dataclass(slots=True)
class _Run:
    """Where one session stands: its transaction, and what that had done before this statement.

    `rows` are None until they are asked for; `changed` says that the catalogue may be another one now. It is
    `deaf` behind a refusal up to the client's next end. `together` statements are looked at as one.
    """

    session: Session
    transaction: int = 0
    rows: Mapping[int, Rows] | None = None
    locks: Mapping[int, LockMode] = field(default_factory=dict)
    after: Catalogue | None = None
    changed: bool = False
    wal: int = 0
    deaf: bool = False
    together: int = 1


class Watch:
    """The statements of all sessions that `attend` was called for, in the order in which they ended."""

    def __init__(
        self,
        observer: Observer,
        *,
        rows: int,
        apart: bool,
        many: Mapping[str, int] | None = None,
        plain: bool = False,
    ) -> None:
        """What is there now is what others know. Every table that is empty gets made-up rows.

        Those are `rows`, or as many as `many` says by the table's name, `plain` as `sample_rows` has it.

        With `apart`, each revision is watched as if all before it were long done: behind the statement that
        notes one in the ledger its transaction ends, and what it made is filled and known from there on.
        """
        self._observer = observer
        self._rows = rows
        self._many = many or {}
        self._plain = plain
        self._apart = apart
        self._guard = threading.Lock()
        self._transactions = 0
        self._traces: list[Trace] = []
        self._patience = Patience()
        self._found: list[Traced] = []
        self._sight = Sight(observer)
        self._stand()

    def _stand(self) -> None:
        """From here on others know what is there now."""
        self._before = self._sight.committed()
        self._counts = self._observer.fill(self._before, self._rows, self._many, plain=self._plain)

    @property
    def before(self) -> Catalogue:
        """What others know."""
        return self._before

    def traces(self) -> tuple[Trace, ...]:
        """What was seen so far: one run, or one after the other with `apart`."""
        last = Trace(self._before, tuple(self._found), self._counts)
        return (*self._traces, *([last] if last.statements else []))

    def attend(self, session: Session) -> None:
        """The session is led to its end. Raises `Gone` where a side is lost."""
        run = _Run(session)
        try:
            while batch := session.batch(flushed=True):
                self._heard(run, batch)
        finally:
            if session.state != b"I" and run.after is not None:
                # The server takes back what was open as soon as nobody is there.
                session.server.end()
                self._taken_back(run)

    def _heard(self, run: _Run, batch: Sequence[Frame]) -> None:
        """A batch, or what a client wants to be answered ahead of its end: that gets an end of ours.

        Behind a refusal nothing is heeded up to the client's own end.
        """
        session, last = run.session, batch[-1].kind
        if run.deaf and last != frames.SYNC:
            return
        if run.deaf:
            session.release()
        elif last != frames.FLUSH:
            self._batch(run, batch)
            session.release()
        else:
            run.deaf = self._batch(run, [*batch[:-1], Frame(frames.SYNC, b"")]) is not None
            session.hand_over()
            return
        run.deaf = False

    def _batch(self, run: _Run, batch: Sequence[Frame]) -> Refusal | None:
        sql = run.session.sql_of(batch)
        found = parts(run.session, batch)
        number = sum(part.number for part in found)
        if len(found) > 1 or (batch[-1].kind == frames.QUERY and number > 1):
            return self._several(run, found)
        if batch[-1].kind != frames.QUERY and found:
            sql = found[0].sql
        if sql.strip():
            return self._one(run, sql.strip(), batch, number).refusal
        return self._prepared(run, batch)

    def _prepared(self, run: _Run, batch: Sequence[Frame]) -> Refusal | None:
        """Nothing is run; what the server refuses to prepare could not be run, either."""
        alone = run.session.state == b"I"
        answer = run.session.forward(batch)
        if answer.refusal and (sql := only_parsed(batch)):
            if alone:
                self._begin(run)
            self._note(Traced(sql, run.transaction, 0.0, alone=alone, error=_error(answer)))
        return answer.refusal

    def _several(self, run: _Run, found: Sequence[Part]) -> Refusal | None:
        """Statements sent at once are one transaction, where they do not say otherwise."""
        session = run.session
        together = session.state == b"I" and not any(word_of(part.sql) in _BOUNDS for part in found)
        if together:
            session.ask("BEGIN")
            self._begin(run)
        refusal = None
        for part in found:
            answer = self._one(run, part.sql, part.batch, part.number)
            refusal = answer.refusal
            if refusal is not None:
                self._tell_apart(part, answer.done)
                break
        if together:
            self._end(run, good=refusal is None)
        return refusal

    def _one(self, run: _Run, sql: str, batch: Sequence[Frame], number: int) -> Answer:
        run.together = number
        with self._patience.looking(len(self._found)):
            return self._led(run, sql, batch)

    def _led(self, run: _Run, sql: str, batch: Sequence[Frame]) -> Answer:
        session, word = run.session, word_of(sql)
        if session.state != b"I":
            return self._inside(run, sql, batch, ends=word in _ENDS)
        if word in _CONTROL:
            answer, took_ms = timed(session, sql, batch, self._observer)
            if word in _ENDS:
                # What was prepared before, by whomever.
                self._sight.forget()
            if not answer.idle or answer.refusal:
                self._begin(run)
            if answer.refusal:
                self._note(Traced(sql, run.transaction, took_ms, alone=True, error=_error(answer)))
            return answer
        return self._alone(run, sql, batch)

    def _next(self, run: _Run) -> None:
        """A revision is done: the next one begins in a transaction of its own."""
        run.session.ask("COMMIT")
        self._traces.append(Trace(self._before, tuple(self._found), self._counts))
        self._found = []
        self._stand()
        run.session.ask("BEGIN")
        self._begin(run)

    def _inside(self, run: _Run, sql: str, batch: Sequence[Frame], *, ends: bool) -> Answer:
        """A statement of a transaction that the client has begun."""
        quiet, failed = word_of(sql) in _SETTING, run.session.state == b"E"
        if not quiet:
            _look_first(run)
        answer, took_ms = timed(run.session, sql, batch, self._observer)
        if quiet and answer.refusal is None:
            self._note(Traced(sql, run.transaction, took_ms, locks=run.locks))
        elif not ends or answer.refusal is not None or _to_savepoint(sql):
            self._note(self._seen(run, sql, took_ms, answer))
        elif not answer.idle:
            # AND CHAIN: the next one has begun.
            self._sight.forget()
            self._begin(run)
        elif failed or word_of(sql) in _BACK:
            if run.after is not None:
                self._taken_back(run)
        else:
            self._committed(run)
        if self._apart and answer.state == b"T" and noted_revision(sql):
            self._next(run)
        return answer

    def _taken_back(self, run: _Run) -> None:
        """A transaction has ended as if it had never been: what is there is what others see."""
        self._begin(run)
        self._note(Traced("ROLLBACK", run.transaction, 0.0, after=self._sight.committed()))

    def _alone(self, run: _Run, sql: str, batch: Sequence[Frame]) -> Answer:
        """A statement that is its own transaction: ours around it keeps what it does in sight."""
        session, told = run.session, run.session.told
        session.ask("BEGIN")
        self._begin(run)
        _look_first(run)
        answer, took_ms = timed(session, sql, batch, self._observer)
        if answer.refusal and answer.refusal.sqlstate in _OUTSIDE_ONLY:
            session.retract(told)
            session.ask("ROLLBACK")
            return self._outside(run, sql, batch)
        seen = self._seen(run, sql, took_ms, answer, alone=True)
        ended = self._end(run, good=answer.refusal is None)
        if answer.refusal is None and ended.refusal is not None:
            seen = Traced(sql, run.transaction, took_ms, alone=True, error=_error(ended))
        self._note(seen)
        return answer if answer.refusal else ended

    def _outside(self, run: _Run, sql: str, batch: Sequence[Frame]) -> Answer:
        """A statement that no transaction may hold: somebody stands in its way until its locks are seen."""
        observer, process = self._observer, run.session.process
        locks: dict[int, LockMode] = {}
        began, before = _work(run.session), self._counted(run.session)

        def look() -> None:
            waits = observer.waits(process)
            for relation, mode in observer.locks(process, waited_for=True).items():
                locks[relation] = max(locks.get(relation, mode), mode)
            if waits:
                obstacle.leave()

        started = time.perf_counter()
        standing, limit = observer.in_the_way(observer.catalogue()), broken_off(observer, process)
        with standing as obstacle, limit:
            answer = run.session.forward(batch, look)
        took_ms = (time.perf_counter() - started) * 1000
        rows = since(before, self._counted(run.session))
        for table in kept_locked(sql, rows):
            locks[table] = max(locks.get(table, LockMode.ROW_EXCLUSIVE), LockMode.ROW_EXCLUSIVE)
        self._note(
            Traced(
                sql,
                run.transaction,
                took_ms,
                began.get("lock_timeout_ms", 0),
                alone=True,
                locks=self._known(locks),
                rows=rows,
                after=self._sight.committed(),
                error=_error(answer),
                wal_bytes=_work(run.session).get("wal", 0) - began.get("wal", 0),
            )
        )
        return answer

    def _counted(self, session: Session) -> Mapping[int, Rows]:
        """What was read and changed by all that is committed, the session's own last statement included."""
        session.ask(HAND_IN)
        return {row[0]: Rows(*row[1:]) for row in self._observer.counted()}

    def _seen(self, run: _Run, sql: str, took_ms: float, answer: Answer, *, alone: bool = False) -> Traced:
        if answer.broken or answer.idle:
            return Traced(sql, run.transaction, took_ms, alone=alone, error=_error(answer))
        work = _work(run.session)
        rows = rows_in(work)
        locks = self._known(self._observer.locks(run.session.process))
        stronger = [one for one, mode in locks.items() if mode > run.locks.get(one, 0)]
        wrote = bool(work.get("wrote"))
        if not self._sight.is_latest(run.session):
            run.after = None
        if word_of(sql) not in OF_ROWS and (wrote or run.after is None):
            run.after, run.changed = self._sight.within(run.session, wrote=wrote), run.changed or wrote
        seen = Traced(
            sql,
            run.transaction,
            took_ms,
            work.get("lock_timeout_ms", 0),
            alone=alone,
            locks=locks,
            blocked=self._blocked(locks, stronger),
            rows=since(run.rows or {}, rows),
            after=run.after,
            error=_error(answer),
            wal_bytes=work.get("wal", 0) - run.wal,
            together=run.together,
        )
        run.rows, run.locks, run.wal = rows, locks, work.get("wal", 0)
        return seen

    def _blocked(
        self, locks: Mapping[int, LockMode], stronger: Sequence[int]
    ) -> Mapping[int, tuple[str, ...]]:
        reached = {
            table for one in stronger if locks[one].refuses_writes for table in self._before.around(one)
        }
        return self._observer.blocked(self._before, sorted(reached)[:_AROUND])

    def _known(self, locks: Mapping[int, LockMode]) -> dict[int, LockMode]:
        return {one: mode for one, mode in locks.items() if one in self._before.relations}

    def _begin(self, run: _Run) -> None:
        with self._guard:
            self._transactions += 1
            run.transaction = self._transactions
        run.rows, run.locks, run.after, run.changed = None, {}, None, False

    def _end(self, run: _Run, *, good: bool) -> Answer:
        ended = run.session.ask("COMMIT" if good else "ROLLBACK")
        if ended.refused is not None:
            run.session.tell(ended.refused)
        elif good:
            self._committed(run)
        return ended

    def _committed(self, run: _Run) -> None:
        if run.changed:
            self._sight.ended(run.session, run.after)
        run.changed = False

    def _tell_apart(self, part: Part, done: int) -> None:
        """Of statements that were looked at together the one behind those that were done was refused."""
        if part.batch[-1].kind != frames.QUERY or part.number == 1 or done >= part.number:
            return
        refused = split_sql(frames.text_of(part.batch[-1]))[done].text
        with self._guard:
            last = self._found[-1]
            if last.sql == part.sql and last.error is not None:
                self._found[-1] = replace(last, sql=refused)

    def _note(self, seen: Traced) -> None:
        with self._guard:
            self._found.append(seen)
        self._patience.leave_out(seen.duration_ms)


def _work(session: Session) -> dict[str, Any]:
    """What the session has read and changed, and its limits."""
    found: dict[str, Any] = json.loads(session.ask(WORK).value or "{}")
    return found


def _look_first(run: _Run) -> None:
    """The server's counts go on over transactions, until it finds the time to hand them in."""
    if run.rows is None and run.session.state == b"T":
        work = _work(run.session)
        run.rows, run.wal = rows_in(work), work.get("wal", 0)


def _to_savepoint(sql: str) -> bool:
    return "to" in first_words(sql)


def _error(answer: Answer) -> SqlError | None:
    return SqlError(answer.refusal.sqlstate, answer.refusal.message) if answer.refusal else None
