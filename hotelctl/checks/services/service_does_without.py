"""EXT008: the service does what it promises while outside services are away."""

from collections.abc import Iterator

from hotelctl.checks.operations.workflow import evidence_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.outside_absence import OutsideAbsence


@check(
    "EXT008",
    "The service does what it promises while outside services are away",
    severity=Severity.MEDIUM,
    rationale="Every service of others is away now and then; what needs it may fail then, and nothing else.",
    remediation="Give calls to others a limit, start without them, and say what stands in for them.",
    stage=Stage.SANDBOX,
)
def service_does_without(absence: OutsideAbsence) -> Iterator[Finding]:
    """A finding when it does not start without them, and for every workflow that fails then."""
    without = f"without {', '.join(absence.names)}"
    if absence.refused:
        yield Finding(
            subject="start",
            message=f"{without}: {absence.refused}",
            evidence=(CommandOutput(("start",), None, by_shape(absence.refused)),),
            fix="start when they are away, and ask them when they are needed",
        )
    for result in absence.run.results:
        if not result.passed:
            yield Finding(
                subject=result.name,
                message=f"{without}: workflow {result.name}: {result.why}",
                evidence=evidence_of(absence.run, result),
                fix="repeat the named request with the variables of `away` in the service file",
            )
