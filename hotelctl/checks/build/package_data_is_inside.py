"""BLD017: the artifact holds its package data."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.artifact import Artifact, PackageData


@check(
    "BLD017",
    "The artifact holds its package data",
    severity=Severity.CRITICAL,
    rationale="Migrations and templates are easily left out of a wheel, and only their use shows it.",
    remediation="Add the files to what the build backend packs.",
    stage=Stage.BUILD,
)
def package_data_is_inside(artifact: Artifact, wanted: PackageData) -> Iterator[Finding]:
    """A finding for every declared pattern that no file of the artifact matches."""
    if artifact.path is None:
        raise Unavailable("there is no artifact: the build failed")
    for pattern in wanted.patterns:
        if not any(fnmatchcase(name, pattern) for name in artifact.names):
            yield Finding(
                subject=pattern,
                message=f"{artifact.path.name} holds nothing that matches {pattern}",
                evidence=(FileExcerpt(artifact.path.name, None, by_shape(f"{len(artifact.names)} files")),),
                fix=f"[tool.hatch.build.targets.wheel] include {pattern}",
            )
