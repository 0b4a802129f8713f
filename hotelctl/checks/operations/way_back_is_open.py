"""OPS008: the previous artifact exists and the way back was rehearsed."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.rollback_readiness import RollbackReadiness


@check(
    "OPS008",
    "The previous artifact exists and the way back was rehearsed",
    severity=Severity.CRITICAL,
    rationale="A rollback that was never tried is a hope, and one without its artifact is none.",
    remediation="Deploy again to have the way back proven; keep more releases in [retention].",
    stage=Stage.RUNNING,
)
def way_back_is_open(ready: RollbackReadiness) -> Iterator[Finding]:
    """A finding when the previous artifact is gone or changed, or no journal shows the way back working."""
    if ready.sha256_now != ready.sha256_at_build:
        what = "is gone" if ready.sha256_now is None else "is not what was built"
        yield Finding(
            subject=ready.previous,
            message=f"the artifact of the previous release {ready.previous} {what}: {ready.artifact}",
            evidence=(FileExcerpt(ready.artifact, None, by_shape(f"sha256 {ready.sha256_now}")),),
            location=Location(ready.artifact),
            fix="hotelctl deploy",
        )
    if not ready.rehearsals:
        yield Finding(
            subject=ready.previous,
            message=f"no journal shows that the release {ready.previous} can be brought back",
            evidence=(FileExcerpt("journals", None, by_shape("0 rehearsals")),),
            fix="hotelctl rollback, then hotelctl deploy",
        )
