"""DKR020: the built image does not run as root."""

import re
from collections.abc import Iterator

from hotelctl.checks.docker.of_image import said
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage

_ROOT = re.compile(r"(root|0*)(:.*)?")


@check(
    "DKR020",
    "The built image does not run as root",
    severity=Severity.HIGH,
    rationale="What counts is the user that the image has, whatever its Dockerfile and its base say.",
    remediation="Write USER with a number after the last RUN that needs root, and build anew.",
    stage=Stage.BUILD,
)
def built_image_runs_as_a_user(image: BuiltImage) -> Iterator[Finding]:
    """A finding where the engine would start it as root."""
    if _ROOT.fullmatch(image.user):
        words = f"User={image.user}" if image.user else "no User"
        yield Finding(
            subject=f"user of {image.name}",
            message=f"a container of {image.name} runs as root: the image has {words}",
            evidence=(said(image, words),),
            fix="USER 10001:10001",
        )
