"""DB005: pending migrations can be taken back."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.round_trip import Returned, RoundTrip
from hotelctl.facts.schema_text import Difference


@check(
    "DB005",
    "Pending migrations can be taken back",
    severity=Severity.MEDIUM,
    rationale="A way back that leaves something behind fails when it is needed: at the next way up.",
    remediation="Mend downgrade(), or let it raise and say in the service file that there is no way back.",
    stage=Stage.AUDIT,
)
def migrations_can_be_taken_back(trip: RoundTrip) -> Iterator[Finding]:
    """A finding for each object that the way down leaves or misses, and each move that fails.

    Raises:
        Unavailable: after them, when revisions were not tried because one before them did not come back.

    """
    for way in trip.ways:
        if way.why:
            yield _finding(way, way.at, f"{way.at} fails: {way.why}", way.why)
        for one in way.left:
            yield _finding(way, one.name, f"{one.name} {_how(one)} after the way back", _both(one))
        for one in way.again:
            yield _finding(way, f"{one.name} again", f"{one.name} differs the second time", _both(one))
    if trip.untried:
        raise Unavailable(f"not tried: {', '.join(trip.untried)}")


def _finding(way: Returned, subject: str, what: str, words: str) -> Finding:
    return Finding(
        subject=f"{way.revision}: {subject}",
        message=f"{way.path}: {what}",
        evidence=(CommandOutput(("migrate", "up, down, up again", way.revision), 1, by_shape(words)),),
        location=Location(way.path),
        fix="downgrade() undoes what upgrade() did, object by object",
    )


def _how(one: Difference) -> str:
    if not one.expected:
        return "is left"
    return "is gone" if not one.actual else "is another one"


def _both(one: Difference) -> str:
    return f"before: {one.expected or '(none)'}\nafter: {one.actual or '(none)'}"
