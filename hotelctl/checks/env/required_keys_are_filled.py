"""ENV002: required keys are not blank."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV002",
    "Required keys are not blank",
    severity=Severity.CRITICAL,
    rationale="A blank value passes a test for presence and fails where it is used.",
    remediation="Give the key a value, or remove the line.",
)
def required_keys_are_filled(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every required key whose value is empty or white space."""
    for key in contract.required(environment.profile, environment.values()):
        setting = environment.settings.get(key)
        if setting is not None and not setting.value.reveal().strip():
            why = contract.why_required(key, environment.profile)
            yield Finding(
                subject=key,
                message=f"{key} is required {why} and is blank ({setting.source})",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{key}={contract.keys[key].example or '...'}",
            )
