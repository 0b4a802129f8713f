"""OPS010: it is no time in which nothing is released."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.freeze_windows import FreezeWindows


@check(
    "OPS010",
    "No release freeze is on",
    severity=Severity.MEDIUM,
    rationale="A release that goes wrong needs people, and a house that is full has none to spare.",
    remediation="Wait for its end, or waive it by its reason as the key.",
)
def no_freeze_is_on(freezes: FreezeWindows) -> Iterator[Finding]:
    """A finding for every freeze that lasts now."""
    for window in freezes.windows:
        if window.until is not None:
            until = f"{window.until:%Y-%m-%d %H:%M %Z}"
            shown = FileExcerpt(freezes.place.path, freezes.place.line, by_shape(window.reason))
            yield Finding(
                subject=window.reason,
                message=f"{freezes.environment} is frozen until {until}: {window.reason}",
                evidence=(shown,),
                location=freezes.place,
            )
