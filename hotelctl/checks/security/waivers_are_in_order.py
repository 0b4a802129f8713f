"""SEC023: waivers are in order."""

from collections.abc import Iterator

from hotelctl.checks.waived import finding
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.waiver import Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse


@check(
    "SEC023",
    "Every waiver is dated, holds and is used",
    severity=Severity.MEDIUM,
    rationale=(
        "A waiver that nobody ends becomes the rule, and one that covers nothing waits for the next finding "
        "that looks alike."
    ),
    remediation="Mend the finding and remove the waiver, or have it approved anew with later days.",
)
def waivers_are_in_order(book: WaiverBook, use: WaiverUse) -> Iterator[Finding]:
    """A finding for every waiver that does not hold today, or covers nothing although its rule was asked."""
    for waiver in book.waivers:
        why = waiver.refused(book.today) or _unused(waiver, use)
        if why:
            yield finding(waiver, why)


def _unused(waiver: Waiver, use: WaiverUse) -> str:
    if waiver.rule not in use.judged or waiver.place in use.used:
        return ""
    return f"covers no finding: {waiver.rule} found nothing there"
