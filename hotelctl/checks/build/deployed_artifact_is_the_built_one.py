"""BLD010: the deployed artifact is the one that was built, also as it is installed."""

from collections.abc import Iterator

from hotelctl.checks.damage import damage
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.artifact import DeployedArtifact


@check(
    "BLD010",
    "The deployed artifact is the one that was built",
    severity=Severity.CRITICAL,
    rationale="A changed artifact is not what was tested, nor is an installed file that was edited, "
    "added or removed since: the list of files inside the artifact tells.",
    remediation="Deploy the commit again, and find out who changed the file.",
    stage=Stage.RUNNING,
)
def deployed_artifact_is_the_built_one(deployed: DeployedArtifact) -> Iterator[Finding]:
    """A finding when the serving release's artifact, or what is installed of it, is not as built.

    Raises:
        NotApplicable: the artifact is as built and no wheel, so nothing says what its installation holds.

    """
    found = tuple(damage(deployed))
    yield from found
    if not found and deployed.installed is not None and deployed.installed.listed is None:
        raise NotApplicable(
            f"{deployed.path} is as it was built, but no wheel, so it lists no files to hold "
            "the installed ones against"
        )
