"""SEC009: a waived secret was rotated."""

from collections.abc import Iterator

from hotelctl.checks.waived import finding
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.waiver import Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse

_ABOUT_SECRETS = frozenset({"SEC001", "SEC002", "SEC003", "SEC004", "SEC005", "SEC006", "ENV014", "DKR008"})
_FIND_WHAT_IS_SET = frozenset({"SEC003", "SEC004", "SEC005", "SEC006"})


@check(
    "SEC009",
    "A waived secret was rotated",
    severity=Severity.MEDIUM,
    rationale="A waiver hides the finding, not the value: whoever has a copy may enter until it is rotated.",
    remediation="Rotate the value where it was issued, then say when and where that can be seen: `rotated` "
    "and `rotation` in the waiver. For what is none, say why: `no_secret`.",
)
def waived_secrets_are_rotated(book: WaiverBook, use: WaiverUse) -> Iterator[Finding]:
    """A finding for every waiver of a secret that neither says so nor why it is none.

    What SEC003 to SEC006 find is what is set now: whatever a waiver says, it was not rotated.

    Raises:
        NotApplicable: no secret is waived.

    """
    waivers = [waiver for waiver in book.waivers if waiver.rule in _ABOUT_SECRETS]
    if not waivers:
        raise NotApplicable(f"{book.path} waives no secret")
    for waiver in waivers:
        if why := waiver.unproven(book.today) or _disproved(waiver, use):
            yield finding(waiver, why)


def _disproved(waiver: Waiver, use: WaiverUse) -> str:
    if waiver.rotated is None or waiver.rule not in _FIND_WHAT_IS_SET or waiver.place not in use.used:
        return ""
    return f"says that it was rotated on {waiver.rotated}, and {waiver.rule} finds the value that is set now"
