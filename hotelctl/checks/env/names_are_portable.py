"""ENV009: names are portable."""

import re
from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_files import EnvFile, EnvFiles

_PORTABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@check(
    "ENV009",
    "Names are portable",
    severity=Severity.LOW,
    rationale="A shell cannot set a name with other signs, and where case does not count two names are one.",
    remediation="Use capital letters, digits and underscores, and no digit in front.",
    references=("POSIX.1-2017, Base Definitions, 8.1 Environment Variable Definition",),
)
def names_are_portable(files: EnvFiles) -> Iterator[Finding]:
    """A finding for every name that some reader cannot take, and for names that differ in case alone."""
    for file in files.used:
        first: dict[str, str] = {}
        for entry in file.entries:
            other = first.setdefault(entry.key.upper(), entry.key)
            if not _PORTABLE.fullmatch(entry.key):
                yield _finding(file, entry.line, entry.key, "has signs that a shell takes for no name")
            elif other != entry.key:
                yield _finding(file, entry.line, entry.key, f"differs from {other} in its case alone")


def _finding(file: EnvFile, line: int, key: str, problem: str) -> Finding:
    better = re.sub(r"[^A-Z0-9_]", "_", key.upper())
    return Finding(
        subject=key,
        message=f"{file.path}:{line}: {key} {problem}",
        evidence=(excerpt.of_line(file, line, key),),
        location=Location(file.path, line),
        fix=f"{'_' * better[:1].isdigit()}{better}=...",
    )
