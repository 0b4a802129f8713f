"""DKR006: somebody asks a container for its health."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.docker_settings import DockerSettings, Started
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

    Where some compositions ask, one for each that does not; where all would ask the image, one for each that
    switches that off. Raises `Unavailable` where a compose file that may ask cannot be read.
    """

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        if settings.probe:
            return
        started, lacking = settings.started.get(file.path, ()), list(_lacking(file))
        if not lacking:
            yield from (_silenced(one, one.silenced) for one in started if one.silenced is not None)
            return
        unasked = [one for one in started if not one.asks]
        some_ask = len(unasked) < len(started)
        if some_ask and unasked:
            yield from (_unasked(file, one) for one in unasked)
        elif why := settings.unsure.get(file.path):
            yield Doubt(f"{why}, so nobody knows whether it asks for health")
        elif not some_ask:
            yield from lacking

    return every_file(files, judged)


def _lacking(file: Dockerfile) -> Iterator[Finding]:
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


def _unasked(file: Dockerfile, one: Started) -> Finding:
    if one.silenced is not None:
        return _silenced(one, one.silenced, f"its health check switched off, and {file.path} has none")
    return Finding(
        subject=f"health of {one.service} in {one.composition}",
        message=f"{_how(one)} {one.service}, and nothing there or in {file.path} asks for its health",
        evidence=(of_instruction(file, file.final.start), _excerpt(one.place, f"{one.service}:")),
        location=one.place,
        fix="healthcheck: {test: [CMD, PROGRAM, --healthy]}",
    )


def _silenced(
    one: Started, where: Location, how: str = "the health check of its image switched off"
) -> Finding:
    return Finding(
        subject=f"health of {one.service} in {one.composition}",
        message=f"{_how(one)} {one.service} with {how}",
        evidence=(_excerpt(where, "the health check is switched off"),),
        location=where,
        fix=f"take the line out of {where.path}",
    )


def _how(one: Started) -> str:
    """Which files start it, and who says so."""
    start = "start" if " + " in one.composition else "starts"
    return f"{one.composition}{f', as {one.said} says,' if one.said else ''} {start}"


def _excerpt(where: Location, said: str) -> FileExcerpt:
    return FileExcerpt(where.path, where.line, by_shape(said))
