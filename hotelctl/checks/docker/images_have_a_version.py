"""DKR002: every image has a version."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, ImageUse


@check(
    "DKR002",
    "Every image has a version",
    severity=Severity.HIGH,
    rationale="Without a tag, or with latest, the same file builds something else tomorrow.",
    remediation="Write the version that was tried: FROM python:3.13-slim-bookworm.",
)
def images_have_a_version(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for every image from elsewhere without a tag or with `latest`, also through an ARG."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
    for use in file.images():
        image = use.image
        if image.digest or (image.tag and image.tag != "latest" and not image.is_open):
            continue
        if image.is_open and image.tag != "latest":
            yield Doubt(
                f"{file.path}:{use.where.line}: which image {image.text} is, only the build's arguments say"
            )
            continue
        yield _finding(file, use)


def _finding(file: Dockerfile, use: ImageUse) -> Finding:
    image = use.image
    name = image.text.rpartition(":")[0] if image.tag else image.text
    said = "has the tag latest" if image.tag else "has no tag, which means latest"
    return Finding(
        subject=image.text,
        message=f"{image.text} {said}",
        evidence=(of_instruction(file, use.where, f"{use.where.text}  # {image.text}"),),
        location=place(file, use.where),
        fix=f"{name}:VERSION in place of {image.text}",
    )
