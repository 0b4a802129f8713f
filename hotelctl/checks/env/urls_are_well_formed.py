"""ENV017: urls say what was meant."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.key_rule import KeyRule
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.facts.url_form import form_problem


@check(
    "ENV017",
    "URLs say what was meant",
    severity=Severity.HIGH,
    rationale="An unescaped @, : or / in a password silently turns part of it into another host.",
    remediation=(
        "Percent-encode the password: python -c 'import urllib.parse as u; print(u.quote(input(), "
        "safe=str()))'"
    ),
)
def urls_are_well_formed(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every URL with a wrong scheme, an unescaped password or no host."""
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        if rule is None or rule.type != "url":
            continue
        if problem := form_problem(setting.value.reveal(), rule.schemes):
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) {problem}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}={_form(rule)}",
            )


def _form(rule: KeyRule) -> str:
    """What such a URL looks like; whatever stood there for a password would be redacted when shown."""
    if rule.example and "@" not in rule.example:
        return rule.example
    return f"{rule.schemes[0] if rule.schemes else 'scheme'}://user@host/path"
