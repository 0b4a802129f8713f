"""DKR006: somebody asks a container for its health."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.docker_settings import DockerSettings
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles


@check(
    "DKR006",
    "Somebody asks a container for its health",
    severity=Severity.MEDIUM,
    rationale="A process that hangs is still running; only a question shows that it no longer answers.",
    remediation=(
        "Write a HEALTHCHECK in the last stage or the compose file, or say in the service file who asks: "
        '[docker] probe = "livenessProbe in deploy/app.yaml".'
    ),
)
def image_tells_its_health(files: Dockerfiles, settings: DockerSettings) -> Iterator[Finding]:
    """A finding for every file without a HEALTHCHECK in its last stage, where nobody else asks.

    Raises `Unavailable` where a compose file that may ask cannot be read.
    """

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        if settings.probe or file.path in settings.asked:
            return
        why = settings.unsure.get(file.path)
        for finding in _judged(file):
            yield Doubt(f"{why}, so nobody knows whether it asks for health") if why else finding

    return every_file(files, judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    found = [one for one in file.shipped() if one.name == "HEALTHCHECK"]
    if found and (found[-1].args or ("NONE",))[0].upper() != "NONE":
        return
    where = found[-1] if found else file.final.start
    said = "switches the health check off" if found else "has no HEALTHCHECK"
    earlier = any(file.every("HEALTHCHECK")) and not found
    yield Finding(
        subject=f"HEALTHCHECK of {file.path}",
        message=f"the last stage of {file.path} {said}{'; that of another stage is lost' if earlier else ''}",
        evidence=(of_instruction(file, where),),
        location=place(file, where),
        fix='HEALTHCHECK --interval=10s --timeout=3s CMD ["PROGRAM", "--healthy"]',
    )
