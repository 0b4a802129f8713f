"""SEC010: no package of the lock has an open advisory."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.advisories import Advisories, Advisory
from hotelctl.facts.lock import Lock


@check(
    "SEC010",
    "No package of the lock has an open advisory",
    severity=Severity.HIGH,
    rationale="A weakness that is published is tried everywhere within days.",
    remediation="Raise the package to a version with the fix; where there is none, a waiver says what stands "
    "in its way.",
    references=("https://osv.dev/",),
    stage=Stage.AUDIT,
)
def packages_have_no_advisory(advisories: Advisories, lock: Lock) -> Iterator[Finding]:
    """A finding an advisory, with the version that has the fix.

    Each run asks for a package that is known to be bad, too, so that a database without contents is seen.

    Raises:
        Unavailable: after them, when a package could not be looked up.

    """
    for one in advisories.found:
        yield _finding(advisories, one, lock)
    if advisories.doubts:
        raise Unavailable(f"{some_of(advisories.doubts)}; {advisories.looked_up} others were looked up")


def _finding(advisories: Advisories, one: Advisory, lock: Lock) -> Finding:
    names = " ".join((one.id, *(f"({alias})" for alias in one.aliases[:1])))
    fixed = f"fixed in {', '.join(one.fixed_in)}" if one.fixed_in else "no version has a fix"
    line = next((pin.line for pin in lock.pins.get(one.name, ()) if str(pin.version) == one.version), None)
    said = f"{advisories.service} at {advisories.asked_at.isoformat(timespec='seconds')}: {names}"
    return Finding(
        subject=f"{one.id} in {one.name}",
        message=f"{one.name} {one.version} has the advisory {names}, {fixed}: {one.summary}",
        evidence=(CommandOutput(advisories.argv, advisories.exit_code, by_shape(said)),),
        location=Location(lock.path, line),
        fix=f"{one.name}>={one.fixed_in[0]}, then write {lock.path} anew"
        if one.fixed_in
        else "write a waiver",
    )
