"""BLD003: the artifact builds from a clean export."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.artifact import Artifact


@check(
    "BLD003",
    "The artifact builds from a clean export",
    severity=Severity.CRITICAL,
    rationale="What builds only in one person's checkout cannot be built again when it is needed.",
    remediation="Run the build command in a fresh clone; commit what is missing there.",
    stage=Stage.BUILD,
)
def artifact_builds(artifact: Artifact) -> Iterator[Finding]:
    """A finding when the build failed or did not leave exactly one artifact."""
    if artifact.path is None:
        yield Finding(
            subject="build",
            message=f"no artifact came out of the build: {artifact.words}",
            evidence=(CommandOutput(artifact.argv, artifact.exit_code, by_shape(artifact.words)),),
            fix=shlex.join(artifact.argv),
        )
