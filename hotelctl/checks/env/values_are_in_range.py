"""ENV004: values are inside the limits of the contract."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_values import range_problem
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV004",
    "Values are inside the limits of the contract",
    severity=Severity.HIGH,
    rationale="A value outside its range works by accident or not at all.",
    remediation="Choose a value that the contract allows.",
)
def values_are_in_range(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every value outside of choices, limits, length or pattern."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        problem = range_problem(rule, setting.value.reveal()) if rule else None
        if rule and problem:
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) {problem}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}={rule.example or rule.default or '...'}",
            )
