"""What `report verify` answers, for people or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.text import Text

from hotelctl.core.errors import ExitCode
from hotelctl.core.report import Status
from hotelctl.render.terminal import badge, text
from hotelctl.render.verify import Problem
from hotelctl.render.words import plural

_STATUS = {
    ExitCode.READY: Status.PASSED,
    ExitCode.BLOCKED: Status.FAILED,
    ExitCode.UNVERIFIED: Status.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`head` is the commit that the report was compared with, None when it was not.

    `signed` are the sign-offs that were judged; `unjudged` says why they could not be.
    """

    report: str
    files: int
    head: str | None
    problems: tuple[Problem, ...]
    signed: int = 0
    unjudged: str = ""

    @property
    def exit_code(self) -> int:
        """0 for a whole report, 3 for one whose sign-offs could not be judged, else 1."""
        if self.problems:
            return ExitCode.BLOCKED
        return ExitCode.UNVERIFIED if self.unjudged else ExitCode.READY


def as_text(answer: Answer, console: Console) -> None:
    """One line for the report, one for each problem."""
    for line in _lines(answer, console):
        console.print(line, soft_wrap=True)


def _lines(answer: Answer, console: Console) -> Iterator[Text]:
    status = _STATUS[ExitCode(answer.exit_code)]
    whole = f"is whole: every digest of {plural(answer.files, 'file')} holds"
    state = "is not whole" if answer.problems else whole
    yield Text.assemble(badge(status, console), " ", text(f"{answer.report} {state}"))
    for problem in answer.problems:
        yield Text.assemble("  ", text(problem.record, "bold"), "  ", text(problem.message))
    if answer.unjudged:
        yield text(f"  its sign-offs could not be judged: {answer.unjudged}")
    if answer.signed and not answer.problems:
        yield text(f"  {plural(answer.signed, 'sign-off')}, each signed with the key of an allowed signer")
    if answer.head is None:
        yield text("  its commit was not compared with HEAD", "dim")


def as_json(answer: Answer, console: Console) -> None:
    """One object."""
    console.file.write(json.dumps({**asdict(answer), "whole": not answer.exit_code}, indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Answer, Console], None]] = {"console": as_text, "json": as_json}
