"""Step 1: the environment belongs to this operation."""

from collections.abc import Mapping
from typing import Any

from hotelctl.core.errors import Frozen
from hotelctl.deploy.operation import Operation


class LockStep:
    """Shows that the lock is held by this operation, with its fence number."""

    name = "lock"
    title = "Take the environment's lock"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        return (f"take the lock of environment {self._op.configuration.environment_name}",)

    def apply(self) -> Mapping[str, Any]:
        """The holder as recorded."""
        holder, held = self._op.world.lock.holder()
        if holder is None or not held or holder.fence != self._op.journal.fence:
            raise Frozen("the lock is not held by this operation", "hotelctl lock status shows who holds it")
        who = f"{holder.user}@{holder.host}"
        record = self._op.world.evidence.record("lock", {"holder": holder.to_json(), "held": held})
        return {
            "fence": holder.fence,
            "holder": who,
            "evidence": record,
            "summary": f"fence {holder.fence}, held by {who} (pid {holder.pid})",
        }

    def undo(self) -> str:
        """The lock itself ends with the command."""
        return "the lock ends with this command"
