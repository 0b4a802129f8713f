"""BLD009: artifact, tag, changelog and image name one version."""

from collections.abc import Iterator

from packaging.version import Version

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.changelog import Changelog
from hotelctl.facts.version_claims import Label, VersionClaims


@check(
    "BLD009",
    "Artifact, tag, changelog and image name one version",
    severity=Severity.HIGH,
    rationale="Who looks up what changed in the release that runs finds another one.",
    remediation="Give the version, the tag and the newest entry of the changelog one number, in one commit.",
    stage=Stage.BUILD,
)
def version_is_one(said: VersionClaims) -> Iterator[Finding]:
    """A finding for a tag of HEAD, a label or a changelog that contradicts the version of the artifact.

    Without such a tag the commit is no release: the changelog may lag behind then, but not be ahead.
    """
    for tag in said.tags:
        if not _same(tag.version, said.version):
            yield _tag(said, tag.text)
    for label in said.labels:
        if not _same(label.version, said.version):
            yield _label(said, label)
    if said.changelog is not None:
        yield from _changelog(said, said.changelog)


def _same(found: Version, own: Version) -> bool:
    """Whether both are one release; a local part, after a +, is the build's own."""
    return Version(found.public) == Version(own.public)


def _tag(said: VersionClaims, tag: str) -> Finding:
    message = f"HEAD has the tag {tag}, and {said.artifact} is {said.version}"
    evidence = CommandOutput(("git", "tag", "--points-at", "HEAD"), 0, by_shape(tag))
    return Finding(f"tag {tag}", message, (evidence,), fix="set project.version, or move the tag")


def _label(said: VersionClaims, label: Label) -> Finding:
    message = f"{label.place}: the image calls itself {label.text}, and {said.artifact} is {said.version}"
    evidence = FileExcerpt(label.place.path, label.place.line, by_shape(label.text))
    return Finding("image label", message, (evidence,), label.place, f"write {said.version} there")


def _changelog(said: VersionClaims, changelog: Changelog) -> Iterator[Finding]:
    path, found = changelog.path, changelog.entries
    if said.tags:
        if not any(_same(entry.version, said.version) for entry in found):
            newest = f"the newest is {found[0].version}" if found else "it has none"
            message = f"{path} has no entry for {said.version}, which HEAD is tagged as; {newest}"
            yield _entry(path, message, found[0].line if found else None)
    elif found and found[0].version > said.version:
        message = f"{path} speaks of {found[0].version}, and {said.artifact} is still {said.version}"
        yield _entry(path, message, found[0].line)


def _entry(path: str, message: str, line: int | None) -> Finding:
    evidence = FileExcerpt(path, line, by_shape(message))
    return Finding(
        "changelog", message, (evidence,), Location(path, line), "towncrier build, or write the entry"
    )
