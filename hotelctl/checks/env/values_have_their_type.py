"""ENV003: values have the type of the contract."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_values import type_problem
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV003",
    "Values have the type of the contract",
    severity=Severity.HIGH,
    rationale="A value of another type stops the service at its start, after everything else was done.",
    remediation="Write the value in the form that the contract names.",
)
def values_have_their_type(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every value that its reader will not understand."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        wanted = type_problem(rule, setting.value.reveal()) if rule else None
        if rule and wanted:
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) is not {wanted}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}={rule.example or rule.default or '...'}",
            )
