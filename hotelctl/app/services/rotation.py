"""Exchange of the signing key in three steps, so that at no moment an instance meets a token it cannot check.

publish  a new key lies in the keyring; every instance verifies with it, nobody signs with it
switch   it signs; the one before is marked `<kid>.outgoing` and still verifies
retire   a marked key is gone, once the last token that it may have signed has run out

Each step may be repeated. Times are those of the files: a copy that loses them only makes a step wait longer.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotelctl.app.services import keyring
from hotelctl.app.services.tokens import LONGEST_TTL

# Until then every instance has noticed a change, even one that was busy.
SETTLE = timedelta(seconds=10 * keyring.FOLLOWED_EVERY_S)
_OUTGOING = ".outgoing"


class RotationError(Exception):
    """A step that would end somebody's log-in; the message says what to do first, or when."""


def publish(directory: Path) -> tuple[str, bool]:
    """The id of the key that waits for its switch; True when it was made now."""
    with keyring.alone(directory):
        waiting = _waiting(directory)
        if waiting is not None:
            return waiting, False
        return keyring.add_key(directory), True


def switch(directory: Path, now: datetime | None = None) -> tuple[str, bool]:
    """The id of the key that signs; True when it became the signer now.

    Raises RotationError when no key was published, or too recently for every instance to know it.
    """
    with keyring.alone(directory):
        active, waiting = keyring.load(directory).active, _waiting(directory)
        if waiting is None:
            if _outgoing(directory, active):
                return active, False
            raise RotationError("no key waits for its switch: publish one first")
        ready_at = _written_at(directory / f"{waiting}.pem") + SETTLE
        if _is_before(now, ready_at):
            raise RotationError(f"not every instance may know the new key yet: {_wait(ready_at)}")
        # First, so that a switch cut short leaves a mark too many and never a key that nobody retires.
        keyring.write(directory / f"{active}{_OUTGOING}", b"")
        keyring.activate(directory, waiting)
        return waiting, True


def retire(directory: Path, now: datetime | None = None) -> list[str]:
    """The ids of the keys that are gone now; none when no key is on its way out.

    Raises RotationError, and changes nothing, while a token of such a key may live.
    """
    with keyring.alone(directory):
        going = _outgoing(directory, keyring.load(directory).active)
        times = [_written_at(directory / f"{kid}{_OUTGOING}") + SETTLE + LONGEST_TTL for kid in going]
        if times and _is_before(now, max(times)):
            raise RotationError(f"tokens of the old key may still live: {_wait(max(times))}")
        for kid in going:
            (directory / f"{kid}.pem").unlink()
        for mark in _marks(directory):
            if not mark.with_suffix(".pem").exists():
                mark.unlink()
        return going


def rotate(directory: Path, wait: Callable[[float], None] = time.sleep) -> dict[str, object]:
    """What is due: a new key signs, seconds after it was published; called again later, the old one goes.

    Raises RotationError while the old key is still needed.
    """
    retired = retire(directory)
    if retired:
        return {"retired": retired, "active": keyring.load(directory).active}
    kid, made = publish(directory)
    if made:
        wait((SETTLE + timedelta(seconds=1)).total_seconds())
    switch(directory)
    return {"active": kid, "next": f"rotate again after {LONGEST_TTL + SETTLE} to retire the old key"}


def _outgoing(directory: Path, active: str) -> list[str]:
    """Marked keys but the signer: a mark on that one is left of a switch that was cut short."""
    marked = {mark.stem for mark in _marks(directory)}
    return sorted(kid for kid in keyring.load(directory).keys if kid in marked and kid != active)


def _marks(directory: Path) -> list[Path]:
    return list(directory.glob(f"*{_OUTGOING}"))


def _waiting(directory: Path) -> str | None:
    ring = keyring.load(directory)
    kids = sorted(set(ring.keys) - {ring.active, *_outgoing(directory, ring.active)})
    if len(kids) > 1:
        raise RotationError(f"more than one key waits for its switch: {', '.join(kids)}; remove all but one")
    return kids[0] if kids else None


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _is_before(now: datetime | None, moment: datetime) -> bool:
    return (now or datetime.now(UTC)) < moment


def _wait(moment: datetime) -> str:
    return f"repeat after {moment.replace(microsecond=0) + timedelta(seconds=1):%Y-%m-%d %H:%M:%S} UTC"
