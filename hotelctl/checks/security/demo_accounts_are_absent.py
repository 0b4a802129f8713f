"""SEC020: production has no accounts for trying things out."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.demo_accounts import DemoAccounts


@check(
    "SEC020",
    "Production has no accounts for trying things out",
    severity=Severity.CRITICAL,
    rationale="A demo account has a password that everybody knows, and what it may do, everybody may.",
    remediation="Remove them, or take their log-in away; [security] demo_query is what looks for them.",
    stage=Stage.RUNNING,
)
def demo_accounts_are_absent(demo: DemoAccounts) -> Iterator[Finding]:
    """One finding for all that the service's own query finds."""
    if demo.profile != "production":
        raise NotApplicable(f"the profile is {demo.profile}: only production must not have them")
    if not demo.count:
        return
    more = f" and {demo.count - len(demo.shown)} more" if demo.count > len(demo.shown) else ""
    yield Finding(
        subject=demo.database,
        message=f"accounts for trying things out: {', '.join(demo.shown)}{more}",
        evidence=(QueryResult(demo.database, demo.statement, demo.count, by_shape("\n".join(demo.shown))),),
        fix="remove these accounts",
    )
