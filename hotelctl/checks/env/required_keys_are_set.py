"""ENV001: required keys are set."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV001",
    "Required keys are set",
    severity=Severity.CRITICAL,
    rationale="A release without a required key does not start, or starts with a default that nobody chose.",
    remediation="Set the key in an env file of the environment or in the process environment.",
)
def required_keys_are_set(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every key that the profile requires and nothing sets."""
    for key in contract.required(environment.profile):
        if key not in environment.settings:
            yield Finding(
                subject=key,
                message=f"{key} is required in profile {environment.profile} and is not set",
                evidence=(excerpt.of_rule(key, contract),),
                location=Location(contract.path, contract.lines.get(key)),
                fix=f"{key}={contract.keys[key].example or '...'}",
            )
