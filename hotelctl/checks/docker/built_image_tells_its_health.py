"""DKR021: the built image tells its health."""

from collections.abc import Iterator

from hotelctl.checks.docker.of_image import said
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_settings import ImageSettings


@check(
    "DKR021",
    "The built image tells its health",
    severity=Severity.MEDIUM,
    rationale="A health check that a later stage lost or switched off is missed when a process hangs.",
    remediation=(
        "Write a HEALTHCHECK in the last stage and build anew, or say in the service file who asks: "
        '[docker] probe = "livenessProbe in deploy/app.yaml".'
    ),
    stage=Stage.BUILD,
)
def built_image_tells_its_health(image: BuiltImage, settings: ImageSettings) -> Iterator[Finding]:
    """A finding where it has no health check and nobody else is said to ask."""
    if settings.probe or image.health[:1] not in ((), ("NONE",)):
        return
    words = "Healthcheck=NONE" if image.health else "no Healthcheck"
    yield Finding(
        subject=f"health check of {image.name}",
        message=f"nobody asks a container of {image.name} for its health: the image has {words}",
        evidence=(said(image, words),),
        fix='HEALTHCHECK --interval=10s --timeout=3s CMD ["PROGRAM", "--healthy"]',
    )
