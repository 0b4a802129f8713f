"""DKR012: images come from registries that the service allows."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.docker_settings import DockerSettings
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles


@check(
    "DKR012",
    "Images come from registries that the service allows",
    severity=Severity.MEDIUM,
    rationale="Whoever owns the registry decides what the image holds.",
    remediation='Take the image from a place of the list, or add it: [docker] registries = ["ghcr.io/acme"].',
)
def images_come_from_known_registries(files: Dockerfiles, settings: DockerSettings) -> Iterator[Finding]:
    """A finding for every image from elsewhere that no entry of the service file's list holds."""
    if not settings.registries:
        raise NotApplicable("the service file has no list of registries: [docker] registries")

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        for use in file.images():
            image = use.image
            if "$" in f"{image.registry}/{image.repository}":
                yield Doubt(
                    f"{file.path}:{use.where.line}: only the build's arguments say where {image.text} is from"
                )
                continue
            if any(image.is_within(one) for one in settings.registries):
                continue
            yield Finding(
                subject=image.text,
                message=f"{image.registry}/{image.repository} is in none of {', '.join(settings.registries)}",
                evidence=(of_instruction(file, use.where, f"{use.where.text}  # {image.text}"),),
                location=place(file, use.where),
                fix=f'add "{image.registry}" at {settings.registries_source}, or take another image',
            )

    return every_file(files, judged)
