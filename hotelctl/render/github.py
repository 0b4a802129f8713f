"""Annotations of GitHub Actions: workflow commands on stdout, and the summary of a step.

GitHub keeps ten errors and ten warnings of a step and drops the rest without a word, so the worst
come first and one notice names those that found no room.
"""

from collections.abc import Iterator, Mapping, Sequence

from hotelctl.core.report import Status
from hotelctl.render.console import because, undecided
from hotelctl.render.document import CheckPart, Document
from hotelctl.render.markdown import escaped, evidence, status
from hotelctl.render.part import Place
from hotelctl.render.rows import REPORT, Row, open_questions, rows, told
from hotelctl.render.words import clean, one_line, plural, seconds

_ROOM = 10
_SUMMED_UP = 100
_IN_DATA: Mapping[int, str] = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES: Mapping[int, str] = str.maketrans(
    {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}
)


def render(made: Document) -> str:
    """One command a line."""
    return "".join(f"{line}\n" for line in _lines(made))


def _lines(made: Document) -> Iterator[str]:
    required = undecided(made)
    counting = [row for row in rows(made) if row.waiver is None]
    questions = open_questions(made)
    errors = [
        *((_title(r.check), r.place, r.text) for r in counting if r.check.status is Status.FAILED),
        *((_title(c), REPORT, _why(c)) for c in questions if c.id in required),
    ]
    warnings = [
        *((_title(r.check), r.place, r.text) for r in counting if r.check.status is not Status.FAILED),
        *((_title(c), REPORT, _why(c)) for c in questions if c.id not in required),
    ]
    yield _command("notice", f"hotelctl {made.kind}", None, _verdict(made))
    yield from (_command("error", *one) for one in errors[:_ROOM])
    yield from (_command("warning", *one) for one in warnings[:_ROOM])
    left = [*errors[_ROOM:], *warnings[_ROOM:]]
    if left:
        named = "\n".join(f"{title}: {place}: {one_line(text)}" for title, place, text in left)
        yield _command("notice", f"{len(left)} more, for which there is no room above", None, named)


def _title(check: CheckPart) -> str:
    return f"{check.id} {check.title}"


def _why(check: CheckPart) -> str:
    state = "was skipped" if check.status is Status.SKIPPED else "could not be judged"
    return f"{state}: {check.reason}"


def _verdict(made: Document) -> str:
    return f"{made.verdict.upper().replace('_', ' ')}: {because(made)} in {seconds(made.duration_s)}"


def _command(kind: str, title: str, place: Place | None, text: str) -> str:
    properties = {"title": title}
    if place is not None:
        properties = {"file": place.path, "line": str(place.line or 1), "title": title}
    given = ",".join(
        f"{key}={one_line(value).translate(_IN_PROPERTIES)}" for key, value in properties.items()
    )
    return f"::{kind} {given}::{clean(text).translate(_IN_DATA)}"


def summary(made: Document) -> str:
    """The summary of the step, as Markdown: the verdict, the sections, what needs attention, the waivers."""
    return "\n".join([*_summary(made), ""])


def _summary(made: Document) -> Iterator[str]:
    yield f"## hotelctl {made.kind}: {made.verdict.upper().replace('_', ' ')}"
    yield ""
    yield str(escaped(_verdict(made)))
    yield ""
    yield "| Status | Section | Checks |"
    yield "|---|---|---|"
    for section in made.sections:
        if section.checks:
            yield f"| {status(section.status)} | {escaped(section.title)} | {len(section.checks)} |"
    found = rows(made)
    yield from _table("Needs attention", [_line(row) for row in found if row.waiver is None])
    yield from _table("Not judged", [_question(check) for check in open_questions(made)])
    yield from _table("Waived", [f"{_line(r)} {escaped(told(r.waiver))} |" for r in found if r.waiver])
    yield ""
    yield f"Report {escaped(made.id)}, evidence {escaped(made.evidence_head)}"


def _line(row: Row) -> str:
    cells = (row.check.id, row.finding.severity, str(row.place), row.title)
    return f"| {' | '.join(escaped(cell) for cell in cells)} | {evidence(row.finding.evidence)} |"


def _question(check: CheckPart) -> str:
    cells = (check.id, check.severity, "", _why(check))
    return f"| {' | '.join(escaped(cell) for cell in cells)} | {evidence(check.evidence)} |"


def _table(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield f"### {title}"
    yield ""
    columns = ["Rule", "Severity", "Place", "What", "Evidence", "Waiver"][: lines[0].count(" | ") + 1]
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    yield from lines[:_SUMMED_UP]
    if len(lines) > _SUMMED_UP:
        yield ""
        yield f"and {plural(len(lines) - _SUMMED_UP, 'more line')} in report.json"
