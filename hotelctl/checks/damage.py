"""What is found of a release whose files are no longer those that were built."""

from collections.abc import Iterator

from hotelctl.core.finding import FileExcerpt, Finding, Location
from hotelctl.core.redact import by_shape
from hotelctl.facts.artifact import DeployedArtifact


def damage(release: DeployedArtifact) -> Iterator[Finding]:
    """A finding for the kept artifact, else for each way in which the installed files differ from it."""
    if release.sha256_now != release.sha256_at_build:
        now = "is gone" if release.sha256_now is None else f"has sha256 {release.sha256_now[:12]} now"
        message = f"{release.path} {now}, {release.sha256_at_build[:12]} was built"
        yield _finding(release, release.path, message, f"sha256 {release.sha256_now}")
    elif release.installed is not None:
        for path, words in release.installed.damage():
            message = f"what is installed of release {release.release_id} is damaged: {words}"
            yield _finding(release, path, message, words)


def _finding(release: DeployedArtifact, path: str, message: str, excerpt: str) -> Finding:
    evidence = (FileExcerpt(path, None, by_shape(excerpt)),)
    return Finding(release.release_id, message, evidence, Location(path), "hotelctl deploy")
