"""The frozen state: a hold that outlives the command, until a person looked and says why it may end."""

import json
from collections.abc import Mapping
from typing import Any

from hotelctl.core.chain import ChainBroken
from hotelctl.core.errors import Diverged, Frozen, UsageError
from hotelctl.core.ports import AppendLog, Clock, Files
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.facts.state_file import read_again


def freeze(operation: Operation) -> None:
    """Nothing moves from now on; one that a person resolved already stays so."""
    layout, files = operation.layout, operation.world.files
    if _is_resolved(operation):
        return
    failure = operation.journal.progress().failure
    said = {
        "operation": operation.id,
        "step": failure.step if failure else "",
        "reason": failure.message if failure else "unknown",
        "at": operation.world.clock.now().isoformat(),
    }
    files.write_durable(layout.frozen(), json.dumps(said, indent=1).encode())


def _is_resolved(operation: Operation) -> bool:
    """Whether a person resolved it; what a spoilt file tells of that is nothing."""
    layout, files = operation.layout, operation.world.files
    if not files.exists(layout.resolved()):
        return False
    try:
        told = _resolutions(layout, files).records()
    except UsageError:
        return False
    return any(said.get("operation") == operation.id for said in told)


def _resolutions(layout: Layout, files: Files) -> AppendLog:
    """What people resolved. Raises `UsageError` where the file is spoilt."""
    path = layout.resolved()
    try:
        return files.append_log(path)
    except ChainBroken as broken:
        shown = path.relative_to(layout.state.parent.parent)
        raise UsageError(
            str(SpoiltFile(f"{shown}:{broken.line}", broken.why)),
            f"keep it under another name, then again: mv {shown} {shown}.spoilt",
        ) from broken


def frozen(layout: Layout, files: Files) -> Mapping[str, Any] | None:
    """What froze and why; None where nothing is frozen. Of a spoilt file only that, as the reason."""
    if not files.exists(layout.frozen()):
        return None
    shown = layout.frozen().relative_to(layout.state.parent.parent)
    try:
        return read_again(shown, files.read(layout.frozen()), _told, "")
    except UsageError as error:
        # Whoever cannot read why nothing may move must not take it for leave to move.
        return {"reason": error.message}


def _told(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**raw, **{name: str(raw[name]) for name in ("operation", "step", "reason", "at")}}


def require_unfrozen(layout: Layout, files: Files) -> None:
    """Return when nothing is frozen. Raises `Frozen` with the reason that was kept."""
    said = frozen(layout, files)
    if said is not None:
        known = "operation" in said
        since = f" since {said['at'][:19]}: {said['operation']}, step {said['step']}" if known else ""
        raise Frozen(
            f"frozen{since}: {said['reason']}",
            "look at the environment, then hotelctl resolve --reason TEXT",
        )


def release(
    layout: Layout, files: Files, clock: Clock, reason: str, diverged: Diverged | None
) -> Mapping[str, Any]:
    """The hold has ended; what froze or diverged is kept with `reason`, and returned as it was kept.

    Raises:
        UsageError: the file that keeps it is spoilt; the hold stays.

    """
    said = {
        **(frozen(layout, files) or {}),
        **({"diverged": diverged.message} if diverged else {}),
        "resolved": reason,
        "resolved_at": clock.now().isoformat(),
    }
    _resolutions(layout, files).append(said)
    files.remove(layout.frozen())
    return said
