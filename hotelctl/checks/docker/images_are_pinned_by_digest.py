"""DKR003: every image is pinned by its digest."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles


@check(
    "DKR003",
    "Every image is pinned by its digest",
    severity=Severity.MEDIUM,
    rationale="A tag can be moved to other content by whoever may push to it; a digest cannot.",
    remediation=(
        "docker buildx imagetools inspect IMAGE prints the digest; write IMAGE@sha256:..., or give it to the "
        "build that is released by an argument and keep the tag for development."
    ),
)
def images_are_pinned_by_digest(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for every image from elsewhere without a digest."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    told: set[str] = set()
    for use in file.images():
        text = use.image.text
        if use.image.digest or text in told:
            continue
        told.add(text)
        open_words = ", and an argument may give it one" if use.image.is_open else ""
        yield Finding(
            subject=text,
            message=f"{text} is not pinned by a digest{open_words}",
            evidence=(of_instruction(file, use.where, f"{use.where.text}  # {text}"),),
            location=place(file, use.where),
            fix=f"docker buildx imagetools inspect {text} --format '{{{{.Manifest.Digest}}}}'",
        )
