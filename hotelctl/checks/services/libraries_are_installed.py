"""EXT005: the release holds the libraries of the outside services that are configured."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_answers import NO_LIBRARY, OutsideAnswers
from hotelctl.facts.outside_services import OutsideServices


@check(
    "EXT005",
    "The release holds the libraries of the outside services that are configured",
    severity=Severity.MEDIUM,
    rationale="A key without the library that uses it ends the start, or the feature at its first use.",
    remediation="Add the extra to the requirements that the release is built with, or unset the variable.",
    stage=Stage.AUDIT,
)
def libraries_are_installed(services: OutsideServices, outside: OutsideAnswers) -> Iterator[Finding]:
    """A finding for each service whose own check says that its library is missing."""
    keys = {one.name: one.key for one in services.configured if one.has_check}
    if not keys:
        raise NotApplicable("no outside service that is configured names a check")
    for answer in outside.answers:
        if answer.code == NO_LIBRARY:
            key = keys[answer.name]
            said = f"{key.key} is set" if key else "it is configured"
            yield Finding(
                subject=answer.name,
                message=f"{answer.name}: {said}, but its library is not installed in the release",
                evidence=(Measurement("libraries installed", 0, "libraries", 1),),
                location=key.location if key else None,
                fix="name requirements with its extra in [build] of the service file",
            )
    require_none((answer.name, answer.doubt) for answer in outside.answers if answer.name in keys)
