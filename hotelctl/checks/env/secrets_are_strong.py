"""ENV012: secrets cannot be guessed."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.facts.secret_strength import weakness


@check(
    "ENV012",
    "Secrets cannot be guessed",
    severity=Severity.HIGH,
    rationale="Signing keys and passwords that a person made up fall to a word list within hours.",
    remediation="Make a new one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
)
def secrets_are_strong(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every secret that is short, repetitive or guessable; URLs have rules of their own."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        if rule is None or not rule.secret or rule.type in ("url", "path", "email", "json"):
            continue
        if why := weakness(setting.value.reveal(), rule.min_length):
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) is weak: {why}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}=$(python -c 'import secrets; print(secrets.token_urlsafe(48))')",
            )
