"""OPS012: what the release stands on by waiver is looked over."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Measurement, Severity
from hotelctl.core.waiver import Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse

_SOON_DAYS = 14


@check(
    "OPS012",
    "No finding is covered by a waiver",
    severity=Severity.MEDIUM,
    rationale=(
        "Whoever releases stands in for what is waived, and the day after a waiver ends, it blocks again."
    ),
    remediation="Mend what is waived; begin with what ends first.",
)
def waivers_are_looked_over(book: WaiverBook, use: WaiverUse) -> Iterator[Finding]:
    """A finding for every waiver in use, of the check's severity within two weeks of its end.

    Raises:
        Unavailable: no rule that is waived gave a verdict in this run, so nothing is known of their use.

    """
    for waiver in book.waivers:
        if waiver.place in use.used and waiver.expires is not None:
            yield _covering(waiver, (waiver.expires - book.today).days)
    rules = {waiver.rule for waiver in book.waivers}
    if rules and not rules & use.judged:
        named = ", ".join(sorted(rules))
        raise Unavailable(f"no rule that {book.path} waives was judged in this run: {named}")


def _covering(waiver: Waiver, days: int) -> Finding:
    path, _, line = waiver.place.rpartition(":")
    return Finding(
        subject=f"{waiver.rule} {waiver.scope} {waiver.target}",
        message=f"{waiver.rule} for {waiver.scope} {waiver.target} is {waiver.told()}",
        evidence=(Measurement("days until it ends", days, "days", _SOON_DAYS),),
        location=Location(path, int(line)),
        fix=f"hotelctl explain {waiver.rule}",
        severity=Severity.INFO if days > _SOON_DAYS else None,
    )
