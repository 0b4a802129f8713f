"""DKR011: packages are installed from the lock."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.docker_settings import DockerSettings
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.package_installs import open_installs
from hotelctl.facts.shell_words import shell_text, simple_commands


@check(
    "DKR011",
    "Packages are installed from the lock",
    severity=Severity.HIGH,
    rationale="What was tested is one set of versions; an install that may choose ships another one.",
    remediation="pip install --require-hashes -r, npm ci, yarn --immutable, uv sync --locked, BUNDLE_FROZEN.",
)
def packages_come_from_the_lock(files: Dockerfiles, settings: DockerSettings) -> Iterator[Finding]:
    """A finding for every install of a RUN that may choose versions.

    Where the named packages have versions and only what they bring along is free, it is of medium severity.
    """

    def judged(file: Dockerfile) -> Iterator[Finding]:
        for stage, run in file.every("RUN"):
            commands = simple_commands(shell_text(run))
            for one in open_installs(commands, settings.pinned, run.known):
                shown = of_instruction(file, run, one.words)
                yield Finding(
                    subject=f"{shown.text[:60]} in stage {stage.name or stage.number}",
                    message=f"{shown.text[:120]}: {one.why}",
                    evidence=(shown,),
                    location=place(file, run),
                    fix=one.fix,
                    severity=Severity.MEDIUM if one.only_below else None,
                )

    return every_file(files, judged)
