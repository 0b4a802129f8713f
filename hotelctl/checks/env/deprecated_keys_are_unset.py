"""ENV027: no deprecated key is set."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt, removal
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV027",
    "No deprecated key is set",
    severity=Severity.LOW,
    rationale="A coming release stops reading it, and then the value is silently gone.",
    remediation="Use what the contract names in its place, and remove the old line.",
)
def deprecated_keys_are_unset(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every key with a value that the contract calls deprecated."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        if rule is not None and rule.deprecated is not None:
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) is deprecated: {rule.deprecated}",
                evidence=(excerpt.of_setting(setting, contract), excerpt.of_rule(setting.key, contract)),
                location=setting.location,
                fix=removal.of_setting(setting),
            )
