"""OPS013: the smoke workflows pass."""

from collections.abc import Iterator

from hotelctl.checks.operations.workflow import evidence_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.smoke_run import SmokeRun


@check(
    "OPS013",
    "The smoke workflows pass",
    severity=Severity.HIGH,
    rationale="A process that answers its health path may still refuse every log-in.",
    remediation="Repeat the named request by hand, read the release's log; hotelctl deploy brings a mended "
    "commit, hotelctl rollback --to VERSION another kept release.",
    stage=Stage.RUNNING,
)
def smoke_workflows_pass(run: SmokeRun) -> Iterator[Finding]:
    """A finding for every workflow that ended other than declared, with the request that did."""
    for result in run.results:
        if not result.passed:
            yield Finding(
                subject=result.name,
                message=f"workflow {result.name}: {result.why}",
                evidence=evidence_of(run, result),
                fix="mend it, then hotelctl deploy; until then\n"
                "hotelctl rollback --to VERSION goes elsewhere",
            )
