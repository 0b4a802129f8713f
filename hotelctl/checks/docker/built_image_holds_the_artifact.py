"""DKR029: the built image holds the artifact of the commit."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, HttpExchange, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.wheel_in_image import WheelInImage

_OK = 200


@check(
    "DKR029",
    "The built image holds the artifact of the commit",
    severity=Severity.HIGH,
    rationale="What was tested and signed is the artifact; an image with other files runs something else.",
    remediation="Build the image from the export of the same commit, and install what is built there.",
    stage=Stage.BUILD,
)
def built_image_holds_the_artifact(
    image: BuiltImage, artifact: Artifact, held: WheelInImage
) -> Iterator[Finding]:
    """A finding where files of the wheel are missing in the image or differ by their sha256.

    Not compared are what an installer writes anew, and which tool packed the wheel.
    """
    name = artifact.path.name if artifact.path else "the artifact"
    if not held.place:
        words = f"{image.name} holds none of the {held.listed} files of {name}"
    elif held.changed or held.missing:
        parts = (
            f"{some_of(held.changed)} differ" if held.changed else "",
            f"{some_of(held.missing)} missing" if held.missing else "",
        )
        words = f"{held.place} of {image.name} is not {name}: {'; '.join(filter(None, parts))}"
    else:
        return
    yield Finding(
        subject=f"artifact in {image.name}",
        message=words,
        evidence=(
            HttpExchange("GET", f"/images/{image.name}/get", _OK, by_shape(f"sha256 {artifact.sha256}")),
        ),
        fix="pip install --no-deps --no-index dist/*.whl",
    )
