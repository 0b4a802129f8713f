"""ENV029: secrets are rotated in time."""

from collections.abc import Iterator
from datetime import date, timedelta

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Location, Measurement, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.key_rule import KeyRule
from hotelctl.facts.release_environment import ReleaseEnvironment

_SOON_DAYS = 14
_NEXT_DAYS = 90


@check(
    "ENV029",
    "Secrets are rotated in time",
    severity=Severity.HIGH,
    rationale="The longer a secret is in use, the more people, logs and backups have seen it.",
    remediation="Make a new secret, put it into service, and move the date in the contract.",
)
def secrets_are_rotated_in_time(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every key in use past its date, a lesser one for the two weeks before it."""
    dated = {key: rule for key, rule in contract.keys.items() if rule.due is not None}
    if not dated:
        raise NotApplicable(f"{contract.path} names no rotation date")
    for key, rule in dated.items():
        if rule.due is None or key not in environment.values():
            continue
        left = (rule.due - environment.today).days
        if left <= _SOON_DAYS:
            when = f"was due on {rule.due}, {-left} days ago" if left < 0 else f"is due on {rule.due}"
            asked = f"; ask {rule.owner}" if rule.owner else ""
            yield Finding(
                subject=key,
                message=f"{key}: its rotation {when}{asked}",
                evidence=(
                    Measurement(f"days until {key} is due", left, "d", 0),
                    excerpt.of_rule(key, contract),
                ),
                location=Location(contract.path, contract.lines.get(key)),
                fix=_fix(rule, environment.today),
                severity=None if left < 0 else Severity.MEDIUM,
            )


def _fix(rule: KeyRule, today: date) -> str:
    """The contract's line once the new secret is in service."""
    if rule.rotate_by is None:
        return f"rotated = {today}"
    return f"rotate_by = {today + timedelta(days=rule.max_age_days or _NEXT_DAYS)}"
