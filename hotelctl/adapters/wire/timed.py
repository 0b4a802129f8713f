"""How long a statement of a watched session takes, which never is for ever."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hotelctl.adapters.wire.frames import Frame
from hotelctl.adapters.wire.observer import Observer
from hotelctl.adapters.wire.parts import word_of
from hotelctl.adapters.wire.session import Answer, Session

_LIMIT_S = 60.0
# What goes by a plan: one that reads all rows although an index would do only because they are few here.
_PLANNED = frozenset({"update", "delete", "merge", "with", "insert", "select", "do", "call"})
_HOW_PLANNED = "SHOW enable_seqscan"
_BY_INDEX, _AS_BEFORE = "SET LOCAL enable_seqscan = off", "SET LOCAL enable_seqscan = on"


def timed(session: Session, sql: str, batch: Sequence[Frame], observer: Observer) -> tuple[Answer, float]:
    """The answer to a statement inside a transaction, and the milliseconds that it took.

    On a few rows nothing takes long: what does not end is broken off, as it would not end live, either.
    """
    planned = word_of(sql) in _PLANNED and session.state == b"T" and session.ask(_HOW_PLANNED).value == "on"
    if planned:
        session.ask(_BY_INDEX)
    with broken_off(observer, session.process):
        started = time.perf_counter()
        answer = session.forward(batch)
        took_ms = (time.perf_counter() - started) * 1000
    if planned and not answer.idle and not answer.broken:
        session.ask(_AS_BEFORE)
    return answer, took_ms


@contextmanager
def broken_off(observer: Observer, process: int) -> Iterator[None]:
    """The statement that the server's process runs inside the block ends at the limit."""
    timer = threading.Timer(_LIMIT_S, observer.break_off, (process,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
