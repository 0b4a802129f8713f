"""The frozen state: a hold that outlives the command, until a person looked and says why it may end."""

import json
from collections.abc import Mapping
from typing import Any

from hotelctl.core.errors import Diverged, Frozen
from hotelctl.core.ports import Clock, Files
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation


def freeze(operation: Operation) -> None:
    """Nothing moves from now on; one that a person resolved already stays so."""
    layout, files = operation.layout, operation.world.files
    if files.exists(layout.resolved()):
        told = files.append_log(layout.resolved()).records()
        if any(said.get("operation") == operation.id for said in told):
            return
    failure = operation.journal.progress().failure
    said = {
        "operation": operation.id,
        "step": failure.step if failure else "",
        "reason": failure.message if failure else "unknown",
        "at": operation.world.clock.now().isoformat(),
    }
    files.write_durable(layout.frozen(), json.dumps(said, indent=1).encode())


def frozen(layout: Layout, files: Files) -> Mapping[str, Any] | None:
    """What froze and why; None where nothing is frozen."""
    if not files.exists(layout.frozen()):
        return None
    said: dict[str, Any] = json.loads(files.read(layout.frozen()))
    return said


def require_unfrozen(layout: Layout, files: Files) -> None:
    """Return when nothing is frozen. Raises `Frozen` with the reason that was kept."""
    said = frozen(layout, files)
    if said is not None:
        raise Frozen(
            f"frozen since {said['at'][:19]}: {said['operation']}, step {said['step']}: {said['reason']}",
            "look at the environment, then hotelctl resolve --reason TEXT",
        )


def release(
    layout: Layout, files: Files, clock: Clock, reason: str, diverged: Diverged | None
) -> Mapping[str, Any]:
    """The hold has ended; what froze or diverged is kept with `reason`, and returned as it was kept."""
    said = {
        **(frozen(layout, files) or {}),
        **({"diverged": diverged.message} if diverged else {}),
        "resolved": reason,
        "resolved_at": clock.now().isoformat(),
    }
    files.append_log(layout.resolved()).append(said)
    files.remove(layout.frozen())
    return said
