"""DKR013: build tools stay out of the image."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.build_tools import is_builder, left_behind
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.shell_words import shell_text, simple_commands


@check(
    "DKR013",
    "Build tools stay out of the image",
    severity=Severity.LOW,
    rationale="A compiler in the image is a tool for whoever breaks in, and megabytes for everybody else.",
    remediation="Build in a stage of its own and COPY --from what runs, or remove the tools in the same RUN.",
)
def build_tools_stay_behind(files: Dockerfiles) -> Iterator[Finding]:
    """A finding where the last stage stands on a compiler's image or keeps build packages."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    first = file.lineage(file.final)[0]
    if is_builder(first.base):
        yield Finding(
            subject=f"base of {file.path}",
            message=f"the last stage of {file.path} stands on {first.base.text}, which holds a compiler",
            evidence=(of_instruction(file, first.start),),
            location=place(file, first.start),
            fix="FROM debian:12-slim, then COPY --from=build /out /out",
        )
    for run in (one for one in file.shipped() if one.name == "RUN"):
        if names := left_behind(simple_commands(shell_text(run))):
            yield Finding(
                subject=f"{', '.join(names)} in {file.path}",
                message=f"the last stage of {file.path} keeps {', '.join(names)}",
                evidence=(of_instruction(file, run),),
                location=place(file, run),
                fix=f"apt-get purge -y {' '.join(names)} at the end of the same RUN, or a stage of its own",
            )
