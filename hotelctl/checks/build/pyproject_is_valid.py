"""BLD002: pyproject.toml is valid."""

import re
from collections.abc import Iterator
from dataclasses import replace

from hotelctl.config.lines import line_of
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.pyproject import Pyproject
from hotelctl.facts.pyproject_rules import problems

_PLACE = re.compile(r"[^:]*:(\d+): ")


@check(
    "BLD002",
    "pyproject.toml is valid",
    severity=Severity.HIGH,
    rationale="A build backend refuses some mistakes and silently drops others, and the next one decides "
    "otherwise.",
    remediation="Mend the key that is named; the specification lists what each may hold.",
    references=("https://packaging.python.org/en/latest/specifications/pyproject-toml/",),
)
def pyproject_is_valid(file: Pyproject) -> Iterator[Finding]:
    """A finding for a file that is no TOML, else one for each key that the specification does not allow.

    What a tool may refuse and many take is a note. What stands in [tool] is the business of each tool.
    """
    if file.trouble:
        place = _PLACE.match(file.trouble)
        yield _finding(file, file.path, file.trouble, int(place[1]) if place else None)
        return
    for problem in problems(file):
        line = line_of(file.text, problem.key)
        found = _finding(file, ".".join(problem.key), f"{file.path}: {problem.message}", line)
        yield replace(found, severity=Severity.LOW) if problem.some_take_it else found


def _finding(file: Pyproject, subject: str, message: str, line: int | None) -> Finding:
    lines = file.text.splitlines()
    shown = lines[line - 1].strip()[:120] if line and line <= len(lines) else message
    return Finding(
        subject=subject,
        message=message,
        evidence=(FileExcerpt(file.path, line, by_shape(shown)),),
        location=Location(file.path, line),
        fix=f"mend {file.path}" if subject == file.path else f"mend {subject} in {file.path}",
    )
