"""ENV019: urls hold no default credentials."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.facts.url_form import read_url


@check(
    "ENV019",
    "URLs hold no default credentials",
    severity=Severity.CRITICAL,
    rationale="postgres:postgres and its like are the first thing that everybody tries.",
    remediation="Give the role a password of its own and put it into the URL.",
)
def urls_have_no_default_login(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every URL with a log-in that everybody tries first.

    On this very machine in profile ci it is a throw-away server: worth a note, no reason to stop.
    """
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        form = read_url(setting.value.reveal()) if rule and rule.type == "url" else None
        if form and form.has_default_login:
            harmless = environment.profile == "ci" and form.is_here
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) logs in as {form.user} with a default password",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"ALTER ROLE {form.user} PASSWORD '...';" if form.is_database else "",
                severity=Severity.LOW if harmless else None,
            )
