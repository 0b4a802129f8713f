"""BLD001: the lock holds what the package requires."""

from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.lock import Lock, Pin
from hotelctl.facts.requires import requirement, wanted_here
from hotelctl.facts.wheel import Wheel


@check(
    "BLD001",
    "The lock holds what the package requires",
    severity=Severity.HIGH,
    rationale="A requirement that was added or raised after the lock was written is first missed where the "
    "release is installed, or where the line that needs it runs.",
    remediation="Write the hashed requirements anew from pyproject.toml, and commit them with it.",
    stage=Stage.BUILD,
)
def lock_holds_what_is_required(wheel: Wheel, lock: Lock) -> Iterator[Finding]:
    """A finding for each requirement of the wheel without a pin, and for each pin that it does not allow.

    Of an extra only those that the lock names are asked about: which extras it was made for, it does not say.

    Raises:
        Unavailable: after the others, where a requirement of the wheel is none.

    """
    doubts = []
    for text in wheel.described().requires:
        try:
            asked = requirement(text)
        except Unavailable as trouble:
            doubts.append(trouble.reason)
            continue
        yield from _judged(asked, lock)
    if doubts:
        raise Unavailable("; ".join(doubts))


def _judged(asked: Requirement, lock: Lock) -> Iterator[Finding]:
    pins = lock.pins.get(canonicalize_name(asked.name), ())
    if not pins and wanted_here(asked):
        message = f"{lock.path} does not hold {asked.name}, which the package requires: {asked}"
        yield _finding(asked, lock, message, None, "no entry")
    for pin in pins:
        if pin.version is not None and not asked.specifier.contains(pin.version, prereleases=True):
            message = f"{lock.path} holds {asked.name} {pin.version}; the package requires {asked}"
            yield _finding(asked, lock, message, pin, f"{pin.name}=={pin.version}")


def _finding(asked: Requirement, lock: Lock, message: str, pin: Pin | None, text: str) -> Finding:
    line = pin.line if pin else None
    return Finding(
        subject=asked.name,
        message=message,
        evidence=(FileExcerpt(lock.path, line, by_shape(text)),),
        location=Location(lock.path, line),
        fix=f"write {lock.path} anew: make lock, uv pip compile --generate-hashes, or pip-compile",
    )
