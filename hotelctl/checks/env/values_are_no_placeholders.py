"""ENV011: values are not placeholders."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV011",
    "Values are not placeholders",
    severity=Severity.HIGH,
    rationale="A placeholder that was never replaced passes every test for presence and type.",
    remediation=(
        "Put the real value in its place; make a secret with: python -c 'import secrets; "
        "print(secrets.token_urlsafe(48))'"
    ),
)
def values_are_no_placeholders(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every value that looks like an example; in profile ci only for secrets."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        judged = rule is not None and (rule.secret or environment.profile != "ci")
        if judged and (shape := placeholder(setting.value.reveal())):
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) is a placeholder: {shape}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}=<the real value>",
            )
