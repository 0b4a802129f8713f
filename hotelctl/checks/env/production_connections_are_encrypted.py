"""ENV018: production connections leave the machine encrypted."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.facts.url_form import UrlForm, read_url

_PLAIN = frozenset({"http", "redis", "amqp", "ftp", "ldap", "ws", "smtp", "memcached"})
_UNPROVEN = frozenset({"disable", "allow", "prefer"})


@check(
    "ENV018",
    "Production connections leave the machine encrypted",
    severity=Severity.HIGH,
    rationale=(
        "Plain connections show log-ins and data to everybody on the way; a loopback host in production "
        "is a leftover."
    ),
    remediation="Use https, rediss, or sslmode=verify-full, and the real host.",
)
def production_connections_are_encrypted(
    environment: ReleaseEnvironment, contract: EnvContract
) -> Iterator[Finding]:
    """A finding for every URL without TLS or with a loopback host. Asked in profile production only."""
    if environment.profile != "production":
        raise NotApplicable(f"asked in profile production; this is {environment.profile}")
    for setting in environment.filled():
        rule = contract.keys.get(setting.key)
        form = read_url(setting.value.reveal()) if rule and rule.type == "url" else None
        if form and (problem := _problem(form)):
            yield Finding(
                subject=setting.key,
                message=f"{setting.key} ({setting.source}) {problem}",
                evidence=(excerpt.of_setting(setting, contract),),
                location=setting.location,
                fix=f"{setting.key}=...?sslmode=verify-full"
                if form.is_database
                else f"{setting.key}=https://...",
            )


def _problem(form: UrlForm) -> str | None:
    if form.socket:
        return None
    if form.is_loopback:
        return f"names {form.host}, which is the machine itself"
    if form.scheme in _PLAIN:
        return f"speaks {form.scheme} without encryption"
    mode = form.query.get("sslmode", "prefer")
    if form.scheme.startswith("postgres") and mode in _UNPROVEN:
        return f"has sslmode {mode}, which falls back to no encryption"
    return None
