"""ENV013: each secret is used once."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile, OtherEnvFiles
from hotelctl.facts.release_environment import ReleaseEnvironment, Setting


@check(
    "ENV013",
    "Each secret is used once",
    severity=Severity.CRITICAL,
    rationale=(
        "A secret that also stands elsewhere is known to whoever knows the other place; an example is "
        "known to all."
    ),
    remediation="Make a new secret for this key and this environment alone.",
)
def secrets_are_their_own(
    environment: ReleaseEnvironment, contract: EnvContract, others: OtherEnvFiles
) -> Iterator[Finding]:
    """A finding for every secret that equals another key's, another environment's or the example's value."""
    secrets = [
        one for one in environment.filled() if one.key in contract.keys and contract.is_secret(one.key)
    ]
    for setting in secrets:
        same = [other.key for other in secrets if other.key != setting.key and _equal(setting, other)]
        places = [f"the value of {key}" for key in same] + list(_elsewhere(setting, others))
        if places:
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) is also {' and '.join(places)}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}=$(python -c 'import secrets; print(secrets.token_urlsafe(48))')",
            )


def _equal(setting: Setting, other: Setting) -> bool:
    return setting.value.reveal() == other.value.reveal()


def _elsewhere(setting: Setting, others: OtherEnvFiles) -> Iterator[str]:
    if others.example is not None and (line := _line(others.example, setting)):
        yield f"in the committed example {others.example.path}:{line}"
    for file in others.files:
        if line := _line(file, setting):
            yield f"in {file.path}:{line} of another environment"


def _line(file: EnvFile, setting: Setting) -> int | None:
    value = setting.value.reveal()
    return next((entry.line for entry in file.entries if entry.value.reveal() == value), None)
