"""ENV021: references to other variables are resolved."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_files import EnvFile, EnvFiles
from hotelctl.facts.env_references import unresolved
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV021",
    "References to other variables are resolved",
    severity=Severity.MEDIUM,
    rationale="The reader puts nothing in the place of a name that it does not know, without a word.",
    remediation="Set the variable above the line that names it, or write ${NAME:-default}.",
)
def references_are_resolved(files: EnvFiles, environment: ReleaseEnvironment) -> Iterator[Finding]:
    """A finding for every `${X}` of a name that neither stands above in its file nor in the process."""
    for file in files.used:
        yield from _of(file, environment)


def _of(file: EnvFile, environment: ReleaseEnvironment) -> Iterator[Finding]:
    for found in unresolved(file.entries, environment.process):
        later = f"; it is set on line {found.later} below" if found.later else ""
        yield Finding(
            subject=f"{found.key} {found.name}",
            message=f"{file.path}:{found.line}: {found.key} names {found.name}, which nothing sets{later}",
            evidence=(excerpt.of_line(file, found.line, found.key),),
            location=Location(file.path, found.line),
            fix=f"{found.name}=...",
        )
