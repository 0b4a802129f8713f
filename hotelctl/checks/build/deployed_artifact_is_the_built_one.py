"""BLD010: the deployed artifact is the one that was built."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.artifact import DeployedArtifact


@check(
    "BLD010",
    "The deployed artifact is the one that was built",
    severity=Severity.CRITICAL,
    rationale="A changed artifact is not what was tested.",
    remediation="Deploy the commit again, and find out who changed the file.",
    stage=Stage.RUNNING,
)
def deployed_artifact_is_the_built_one(deployed: DeployedArtifact) -> Iterator[Finding]:
    """A finding when the artifact of the serving release is gone or has another digest than at its build."""
    if deployed.sha256_now == deployed.sha256_at_build:
        return
    now = "is gone" if deployed.sha256_now is None else f"has sha256 {deployed.sha256_now[:12]} now"
    yield Finding(
        subject=deployed.release_id,
        message=f"{deployed.path} {now}, {deployed.sha256_at_build[:12]} was built",
        evidence=(FileExcerpt(deployed.path, None, by_shape(f"sha256 {deployed.sha256_now}")),),
        location=Location(deployed.path),
        fix="hotelctl deploy",
    )
