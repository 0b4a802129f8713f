"""DKR025: the built image says what it was built from."""

from collections.abc import Iterator

from hotelctl.checks.docker.of_image import said
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.core.ports import WorkTree

_PREFIX = "org.opencontainers.image."
_REVISION = f"{_PREFIX}revision"
_WANTED = (_REVISION, f"{_PREFIX}version", f"{_PREFIX}created", f"{_PREFIX}source")
_FIX = {
    _REVISION: 'LABEL org.opencontainers.image.revision="${COMMIT}"',
    f"{_PREFIX}version": 'LABEL org.opencontainers.image.version="${VERSION}"',
    f"{_PREFIX}created": 'LABEL org.opencontainers.image.created="${CREATED}"',
    f"{_PREFIX}source": 'LABEL org.opencontainers.image.source="${SOURCE}"',
}


@check(
    "DKR025",
    "The built image says what it was built from",
    severity=Severity.MEDIUM,
    rationale="Later the labels are all that tells which commit runs; a wrong one leads to the wrong code.",
    remediation="Give the labels of the OCI specification by build arguments, and build the commit anew.",
    references=("https://specs.opencontainers.org/image-spec/annotations/",),
    stage=Stage.BUILD,
)
def built_image_says_what_it_is(image: BuiltImage, tree: WorkTree) -> Iterator[Finding]:
    """A finding for each label that is missing, and for a revision that is another commit's."""
    for name in _WANTED:
        value = image.labels.get(name, "").strip()
        if value and (name != _REVISION or value == tree.commit):
            continue
        has = (
            f"has no label {name}" if not value else f"is of the revision {value}, not of {tree.commit[:12]}"
        )
        yield Finding(
            subject=f"{name} of {image.name}",
            message=f"{image.name} {has}",
            evidence=(said(image, f"{name}={value}" if value else f"no {name}"),),
            fix=_FIX[name],
        )
