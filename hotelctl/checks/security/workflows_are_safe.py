"""SEC011: the workflows give nothing away."""

from collections import Counter
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.workflow_audit import WorkflowAudit

_BY_TAG = "unpinned-uses"
_SEVERITIES = {"high": Severity.HIGH, "medium": Severity.MEDIUM, "low": Severity.LOW}


@check(
    "SEC011",
    "The workflows give nothing away",
    severity=Severity.MEDIUM,
    rationale="A workflow holds the keys to the release; the title of a pull request that it runs as a "
    "command, or an action that moved, takes them.",
    remediation="Each rule has a page in zizmor's documentation that shows the wrong and the right form.",
    references=("https://docs.zizmor.sh/audits/",),
    stage=Stage.AUDIT,
)
def workflows_are_safe(audit: WorkflowAudit) -> Iterator[Finding]:
    """A finding for each of zizmor's, under its own id and as severe as it says; no other machine is asked.

    An action that is named by a tag is of medium severity: it gives nothing away until somebody moves that.

    Raises:
        Unavailable: after them, when a file could not be judged.

    """
    seen: Counter[tuple[str, str]] = Counter()
    for one in audit.findings:
        seen[one.rule, one.path] += 1
        number = seen[one.rule, one.path]
        place = Location(one.path, one.line)
        shown = by_shape(f"{place} {one.rule} {one.hint}")
        yield Finding(
            subject=one.rule if number == 1 else f"{one.rule} #{number}",
            message=f"{place}: {one.rule}: {one.message}: {one.hint}",
            evidence=(CommandOutput((*audit.argv, one.path), None, shown),),
            location=place,
            fix=one.url,
            severity=Severity.MEDIUM if one.rule == _BY_TAG else _SEVERITIES.get(one.severity, Severity.INFO),
        )
    if audit.doubts:
        raise Unavailable("; ".join(f"{path}: {why}" for path, why in audit.doubts.items()))
