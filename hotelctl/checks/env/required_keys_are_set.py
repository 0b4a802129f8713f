"""ENV001: required keys are set."""

import shlex
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
    for key in contract.required(environment.profile, environment.values()):
        if key not in environment.settings:
            yield Finding(
                subject=key,
                message=f"{key} is required {contract.why_required(key, environment.profile)} and is not set",
                evidence=(excerpt.of_rule(key, contract),),
                location=Location(contract.path, contract.lines.get(key)),
                fix=_command(key, environment, contract),
            )


def _command(key: str, environment: ReleaseEnvironment, contract: EnvContract) -> str:
    """What adds the line to the file that wins, or sets the variable where no file is read."""
    rule = contract.keys[key]
    line = shlex.quote(f"{key}={rule.example or rule.default or '...'}")
    if not environment.files:
        return f"export {line}"
    return f"(umask 077; echo {line} >> {shlex.quote(environment.files[-1])})"
