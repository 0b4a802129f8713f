"""OPS013: the smoke workflows pass."""

import re
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Evidence, Finding, HttpExchange, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult

_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*): ")


@check(
    "OPS013",
    "The smoke workflows pass",
    severity=Severity.HIGH,
    rationale="A process that answers its health path may still refuse every log-in.",
    remediation="Repeat the named request by hand, read the release's log, and roll back when it serves.",
    stage=Stage.RUNNING,
)
def smoke_workflows_pass(run: SmokeRun) -> Iterator[Finding]:
    """A finding for every workflow that ended other than declared, with the request that did."""
    for result in run.results:
        if not result.passed:
            yield Finding(
                subject=result.name,
                message=f"workflow {result.name}: {result.why}",
                evidence=(_evidence(run, result), *result.measured),
                fix="hotelctl rollback goes back to the previous good release",
            )


def _evidence(run: SmokeRun, result: WorkflowResult) -> Evidence:
    asked = _REQUEST.match(result.why)
    if asked is None:
        return CommandOutput((result.name,), None, by_shape(result.why))
    return HttpExchange(asked["method"], run.url + asked["path"], None, by_shape(result.why))
