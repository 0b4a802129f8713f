"""BLD018: the artifact is within its limit of size."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Location, Measurement, Severity
from hotelctl.facts.artifact import ArtifactSize

_MB = 1e6


@check(
    "BLD018",
    "The artifact is within its limit of size",
    severity=Severity.MEDIUM,
    rationale="A file of test data or a forgotten archive makes every build, copy and start slower, unseen.",
    remediation="Leave the largest files out of the artifact, or raise build.size_limit_bytes knowingly.",
    stage=Stage.BUILD,
)
def artifact_is_within_its_limit(size: ArtifactSize) -> Iterator[Finding]:
    """A finding above the limit of the service file; it names the largest members."""
    if size.size_bytes > size.limit_bytes:
        named = ", ".join(f"{name} {count / _MB:.2f} MB" for name, count in size.largest)
        path, _, line = size.source.partition(":")
        yield Finding(
            subject="size",
            message=f"{size.name} has {size.size_bytes / _MB:.2f} MB, above {size.limit_bytes / _MB:g} MB; "
            f"the largest inside, unpacked: {named}",
            evidence=(Measurement("artifact size", size.size_bytes, "bytes", size.limit_bytes),),
            location=Location(path, int(line) if line else None),
            fix="unzip -lv the artifact | sort -n, and exclude what the service does not need",
        )
