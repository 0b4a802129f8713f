"""ENV026: the process environment agrees with the env files."""

import shlex
from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import assignment
from hotelctl.facts.env_files import EnvFiles
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV026",
    "The process environment agrees with the env files",
    severity=Severity.INFO,
    rationale="The process environment wins: who edits the file sees nothing change.",
    remediation="unset NAME in the shell that starts hotelctl, or remove the line from the file.",
)
def process_environment_agrees(files: EnvFiles, environment: ReleaseEnvironment) -> Iterator[Finding]:
    """A note for every key of a file to which the process environment gives another value."""
    for file in files.used:
        for key in sorted({entry.key for entry in file.entries}):
            entry, here = file.last(key), environment.process.get(key)
            if entry is None or here is None or here == entry.value:
                continue
            yield Finding(
                subject=key,
                message=f"{key} of the process environment counts, not {file.path}:{entry.line}",
                evidence=(
                    excerpt.of_line(file, entry.line, key),
                    FileExcerpt("process environment", None, assignment(key, here.reveal(), secret=True)),
                ),
                location=Location(file.path, entry.line),
                fix=f"unset {shlex.quote(key)}",
            )
