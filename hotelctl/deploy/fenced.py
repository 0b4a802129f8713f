"""What an operation writes and moves, only while the lock is held: who lost it changes nothing any more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotelctl.core.holder import Lock
from hotelctl.core.ports import AppendLog
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Drained, Health, Moved, Target
from hotelctl.facts.edge_log import Answer

_TURNS = frozenset({Kind.FAIL, Kind.UNDO, Kind.ABORT})


class FencedLog:
    """A journal's file. Every act is framed by records, so each record asks first; it knows the way back."""

    def __init__(self, log: AppendLog, lock: Lock) -> None:
        """Go on after the records that `log` holds."""
        self._log = log
        self._lock = lock
        for record in log.records():
            self._mind(record)

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record as written. Raises what `Lock.require` raises; nothing was written then."""
        self._mind(record)
        self._lock.require()
        return self._log.append(record)

    def records(self) -> tuple[dict[str, Any], ...]:
        """All records, oldest first."""
        return self._log.records()

    def _mind(self, record: Mapping[str, Any]) -> None:
        begins = record["kind"] == Kind.NOTE and record["data"].get("operation") == "rollback"
        if begins or record["kind"] in _TURNS:
            self._lock.turn_back()


@dataclass(frozen=True, slots=True)
class FencedTarget:
    """The verbs of `target`; those that change something raise what `Lock.require` raises."""

    target: Target
    lock: Lock

    def serving(self) -> Release | None:
        """As the target's own."""
        return self.target.serving()

    def obstacle(self, port: int) -> str | None:
        """As the target's own."""
        return self.target.obstacle(port)

    def prepare(self, port: int) -> None:
        """As the target's own."""
        self.lock.require()
        self.target.prepare(port)

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """As the target's own."""
        self.lock.require()
        return self.target.stage(release, env)

    def health(self, release: Release) -> Health:
        """As the target's own."""
        return self.target.health(release)

    def route(self, release: Release | None, fence: int) -> Moved:
        """As the target's own."""
        self.lock.require()
        return self.target.route(release, fence)

    def inflight(self, release: Release) -> int:
        """As the target's own."""
        return self.target.inflight(release)

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """As the target's own."""
        return self.target.answers(release, since)

    def entrance(self, port: int) -> str:
        """As the target's own."""
        return self.target.entrance(port)

    def process(self, release: Release) -> int | None:
        """As the target's own."""
        return self.target.process(release)

    def memory_bytes(self, release: Release) -> int | None:
        """As the target's own."""
        return self.target.memory_bytes(release)

    def retire(self, release: Release) -> Drained:
        """As the target's own."""
        self.lock.require()
        return self.target.retire(release)

    def dismantle(self) -> str | None:
        """As the target's own."""
        self.lock.require()
        return self.target.dismantle()

    def discard(self, release: Release) -> None:
        """As the target's own."""
        self.lock.require()
        self.target.discard(release)
