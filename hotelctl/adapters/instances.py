"""Instances that live as long as a `with` block, and never longer than hotelctl."""

import os
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.guarded import GRACE_S, Guarded, Plumbing
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.process import clean_environment
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Clock, EvidenceLog
from hotelctl.core.redact import Redactor

_TICK_S = 0.1
_OK = 200
_SHOWN_LINES = 8


class LocalInstances:
    """Programs of this machine; `environ` is what hotelctl itself was started with.

    They have no traffic: with `low_priority` they leave processor and disk to what serves.
    """

    def __init__(
        self,
        evidence: EvidenceLog,
        clock: Clock,
        environ: Mapping[str, str],
        *,
        low_priority: bool = True,
    ) -> None:
        """Keep the ports."""
        self._low_priority = low_priority
        # Ten questions a second whether it is ready are nothing that a report stands on.
        self._http = HttpClient(Unrecorded(Redactor(), clock), clock)
        self._evidence = evidence
        self._clock = clock
        self._environ = clean_environment(environ)

    def free_port(self) -> int:
        """A loopback port that nothing listens on now."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    @contextmanager
    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> Iterator[None]:
        """The program runs and `ready_url` answers 200 inside the block; its whole tree is gone afterwards.

        Raises:
            StepFailed: it ended, or was not ready in time; its last words.

        """
        with tempfile.TemporaryFile() as log:
            streams = Plumbing(stdout=log.fileno(), stderr=log.fileno())
            guarded = Guarded(argv, {**self._environ, **env}, cwd, streams, beside=self._low_priority)
            try:
                self._await(guarded, ready_url, Deadline.after(timeout_s, self._clock.monotonic), log)
                yield
            finally:
                self._stop(guarded)
                self._evidence.record("instance", {"argv": tuple(argv), "ready_url": ready_url}, _said(log))

    def _await(self, guarded: Guarded, ready_url: str, deadline: Deadline, log: IO[bytes]) -> None:
        while True:
            if guarded.over(0):
                raise StepFailed(f"the instance ended before it was ready: {_last(log)}")
            reply = self._http.request(
                "GET", ready_url, timeout_s=max(_TICK_S, min(2.0, deadline.remaining_s()))
            )
            if reply.status == _OK:
                return
            if deadline.passed():
                why = reply.error or f"status {reply.status}"
                raise StepFailed(f"the instance was not ready in time ({why}): {_last(log)}")
            self._clock.sleep(_TICK_S)

    def _stop(self, guarded: Guarded) -> None:
        """Asked first: it may have connections to close."""
        try:
            guarded.ask()
            guarded.over(GRACE_S + 1)
        finally:
            guarded.end()


def _said(log: IO[bytes]) -> str:
    # Shared with the program: only a positional read leaves its place in the file alone.
    size = os.fstat(log.fileno()).st_size
    return os.pread(log.fileno(), 4_000_000, max(0, size - 4_000_000)).decode(errors="replace")


def _last(log: IO[bytes]) -> str:
    lines = [line for line in _said(log).splitlines() if line.strip()]
    return " | ".join(lines[-_SHOWN_LINES:]) or "it said nothing"
