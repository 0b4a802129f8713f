"""DKR010: the ports are those of the service."""

import re
from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.docker_settings import DockerSettings, Said
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Instruction

_SSH = 22
_PORTS = re.compile(r"(\d+)(?:-(\d+))?(?:/\w+)?")


@check(
    "DKR010",
    "The ports are those of the service",
    severity=Severity.MEDIUM,
    rationale="EXPOSE is what platforms wire by, and a door for ssh into a container is nobody's intention.",
    remediation="EXPOSE the port that the service file or the contract's PORT names, and no other door.",
)
def ports_are_those_of_the_service(files: Dockerfiles, settings: DockerSettings) -> Iterator[Finding]:
    """A finding where port 22 is exposed, and where the service's own Dockerfile does not expose its port."""

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        exposed = [one for one in file.shipped() if one.name == "EXPOSE"]
        yield from (_door(file, one) for one in exposed if _opens(one, _SSH))
        if settings.port is None or file.path != settings.main:
            return
        if not any(_opens(one, int(settings.port.value)) for one in exposed):
            yield _lacking(file, settings.port, exposed)

    return every_file(files, judged)


def _opens(one: Instruction, port: int) -> bool:
    for word in one.args:
        hit = _PORTS.fullmatch(one.filled(word).strip("\"'"))
        if hit and int(hit[1]) <= port <= int(hit[2] or hit[1]):
            return True
    return False


def _door(file: Dockerfile, one: Instruction) -> Finding:
    return Finding(
        subject=f"EXPOSE {_SSH} of {file.path}",
        message=f"port {_SSH} is exposed: a container is entered by its engine, not by ssh",
        evidence=(of_instruction(file, one),),
        location=place(file, one),
        fix=f"leave {_SSH} out of EXPOSE",
    )


def _lacking(file: Dockerfile, port: Said, exposed: list[Instruction]) -> Finding | Doubt:
    unclear = next((one for one in exposed if any("$" in one.filled(word) for word in one.args)), None)
    if unclear is not None:
        return Doubt(f"{file.path}:{unclear.line}: which port is exposed, only the build's arguments say")
    where = exposed[-1] if exposed else file.final.start
    return Finding(
        subject=f"EXPOSE of {file.path}",
        message=f"{port.source} says port {port.value}, which the last stage of {file.path} does not expose",
        evidence=(of_instruction(file, where),),
        location=place(file, where),
        fix=f"EXPOSE {port.value}",
    )
