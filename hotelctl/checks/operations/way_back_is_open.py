"""OPS008: the previous release is whole and the way back to it was rehearsed."""

from collections.abc import Iterator

from hotelctl.checks.damage import damage
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.rollback_readiness import RollbackReadiness


@check(
    "OPS008",
    "The previous artifact exists and the way back was rehearsed",
    severity=Severity.CRITICAL,
    rationale="A rollback that was never tried is a hope, and one without its artifact, or with a "
    "damaged environment, is none.",
    remediation="Deploy again to have the way back proven; keep more releases in [retention].",
    stage=Stage.RUNNING,
)
def way_back_is_open(ready: RollbackReadiness) -> Iterator[Finding]:
    """A finding when the previous release is not as it was built, or no journal shows the way back to it."""
    yield from damage(ready.previous)
    if not ready.rehearsals:
        name = ready.previous.release_id
        yield Finding(
            subject=name,
            message=f"no journal shows that the release {name} can be brought back",
            evidence=(FileExcerpt("journals", None, by_shape("0 rehearsals")),),
            fix="hotelctl rollback, then hotelctl deploy",
        )
