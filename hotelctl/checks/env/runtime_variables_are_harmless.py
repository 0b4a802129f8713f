"""ENV028: no variable turns a protection of the runtime off."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt, removal
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.facts.runtime_variable import danger


@check(
    "ENV028",
    "No variable turns a protection of the runtime off",
    severity=Severity.CRITICAL,
    rationale="One such line takes away certificate checks, or loads foreign code into every process.",
    remediation="Remove the line, and mend what it was meant to work around.",
)
def runtime_variables_are_harmless(
    environment: ReleaseEnvironment, contract: EnvContract
) -> Iterator[Finding]:
    """A finding for every variable of the release that a language or the loader obeys to its harm."""
    for setting in environment.filled():
        if why := danger(setting.key, setting.value.reveal()):
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) {why}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=removal.of_setting(setting),
            )
