"""A report for people at a terminal: a line for each part, what needs attention in full, the verdict last."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hotelctl.core.finding import Severity
from hotelctl.core.report import Status, Verdict
from hotelctl.render.colours import BAD, GOOD, NOTED, ground
from hotelctl.render.document import ENDING, CheckPart, Document, FindingPart, SectionPart
from hotelctl.render.lock_bars import bars
from hotelctl.render.remedy import Asked, remedy
from hotelctl.render.terminal import WORDS, badge, step_badge, tell, text
from hotelctl.render.words import plural, seconds

_SHORT = 12
_MIGRATIONS = "schema"
_TIME_WIDTH = 11
_LABEL_WIDTH = 8
_NAMED = 4
_MANY, _OF_MANY = 12, 10
_WORTH_TIMING_S = 0.1
_SETTLED = (Status.PASSED, Status.NOT_APPLICABLE)
UNKNOWN_VERSION = "unknown"
_GOOD = (Verdict.READY, Verdict.DEPLOYED)
_NOTED = (Verdict.READY_WITH_NOTES, Verdict.ROLLED_BACK)


class Detail(IntEnum):
    """How much is shown: what needs attention, a line for each part besides, or all with its evidence."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


def render(made: Document, console: Console, detail: Detail = Detail.NORMAL, *, kept: str = "") -> None:
    """Print the whole report; `kept` is the path of the page that is kept of it, empty without one."""
    for part in _parts(made, console, detail, kept):
        tell(console, part)


def _parts(made: Document, console: Console, detail: Detail, page: str) -> Iterator[RenderableType]:
    if detail > Detail.QUIET:
        yield from _heading(made)
    if made.steps and detail > Detail.QUIET:
        yield Text()
        yield _steps(made, console)
    sections = [section for section in made.sections if section.checks]
    asked = Asked(made.kind, made.environment)
    below = {_MIGRATIONS: tuple(bars(made.lock_timeline, console))} if made.lock_timeline else {}
    if detail is Detail.VERBOSE:
        for section in sections:
            yield from _section(section, console, asked)
            yield from below.get(section.id, ())
    else:
        if sections and detail > Detail.QUIET:
            yield Text()
            yield _counted(sections, console)
        yield from _attention(sections, console, detail, below if detail > Detail.QUIET else {}, asked)
    if detail > Detail.QUIET:
        yield Text()
    yield from _ending(made, detail, page)


def _heading(made: Document) -> Iterator[RenderableType]:
    version = "" if made.service.version == UNKNOWN_VERSION else f" {made.service.version}"
    yield Text.assemble((f"hotelctl {made.kind}", "bold"), "  ", text(f"{made.service.name}{version}"))
    branch = f" on {made.git.branch}" if made.git.branch else ""
    state = ", tree not clean" if made.git.dirty else ""
    yield text(
        f"environment {made.environment}, profile {made.profile}, "
        f"commit {made.git.commit[:_SHORT] or 'none'}{branch}{state}",
        "dim",
    )
    missing = [section.title for section in made.sections if not section.checks]
    if missing and made.kind == "validate":
        yield text(f"not run: {', '.join(missing)}", "dim")


def _steps(made: Document, console: Console) -> Table:
    table = _grid(9, 2, 9)
    for step in made.steps:
        time = "" if step.status == "planned" else seconds(step.duration_s)
        table.add_row(
            step_badge(step.status, console), Text(str(step.n)), text(step.name), text(step.summary), time
        )
    return table


def _grid(*fixed: int, timed: bool = True) -> Table:
    """Columns of fixed width, one that takes the rest and folds, and one for seconds where they are shown."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=timed)
    for width in fixed:
        table.add_column(width=width, no_wrap=True)
    table.add_column(ratio=1 if timed else None, overflow="fold")
    if timed:
        table.add_column(width=_TIME_WIDTH + 1, no_wrap=True, justify="right", style="dim")
    return table


def _counted(sections: list[SectionPart], console: Console) -> Table:
    """One line a part: its worst status, and how many of its checks ended in which."""
    table = _grid(9, max(len(section.title) for section in sections), timed=False)
    for section in sections:
        counts = Counter(check.status for check in section.checks)
        words = ", ".join(f"{counts[status]} {WORDS[status]}" for status in Status if counts[status])
        table.add_row(badge(section.status, console), text(section.title), text(words, "dim"))
    return table


def _attention(
    sections: list[SectionPart],
    console: Console,
    detail: Detail,
    below: Mapping[str, Sequence[RenderableType]],
    asked: Asked,
) -> Iterator[RenderableType]:
    """What did not simply pass, in full; checks that were skipped for one reason are one line.

    What is `below` a section by its id stands there whether all passed or not.
    """
    for section in sections:
        open_checks = [c for c in section.checks if c.status not in (*_SETTLED, Status.SKIPPED)]
        skipped = [c for c in section.checks if c.status is Status.SKIPPED]
        if (open_checks or skipped or section.id in below) and detail > Detail.QUIET:
            yield Text()
            yield text(section.title, "bold")
        alike = _alike(open_checks)
        for check in (one for one in open_checks if one not in alike):
            yield _line(check, console, detail)
            yield from _below(check, detail, asked)
        for table, same in _by_reason(alike, Status.UNKNOWN, console):
            yield table
            if how := remedy([one.id for one in same], same[0].reason or "", asked):
                yield _indented("remedy", how)
        for table, _same in _by_reason(skipped, Status.SKIPPED, console):
            yield table
        yield from below.get(section.id, ())


def _alike(checks: list[CheckPart]) -> list[CheckPart]:
    """Those that could not judge anything for a reason that several have."""
    nothing = [one for one in checks if one.status is Status.UNKNOWN and not one.findings]
    counts = Counter(one.reason for one in nothing)
    return [one for one in nothing if counts[one.reason] > 1]


def _by_reason(
    checks: list[CheckPart], status: Status, console: Console
) -> Iterator[tuple[Table, Sequence[CheckPart]]]:
    """One line a reason, with all of its checks."""
    for reason in dict.fromkeys(check.reason for check in checks):
        table = _grid(9, timed=False)
        same = [check for check in checks if check.reason == reason]
        named = ", ".join(check.id for check in same)
        table.add_row(badge(status, console), text(f"{named}: {reason}", "dim"))
        yield table, same


def _section(section: SectionPart, console: Console, asked: Asked) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble((section.title, "bold"), (f"  {WORDS[section.status]}", "dim"))
    for check in section.checks:
        yield _line(check, console, Detail.VERBOSE)
        yield from _below(check, Detail.VERBOSE, asked)


def _line(check: CheckPart, console: Console, detail: Detail) -> Table:
    timed = check.duration_s >= _WORTH_TIMING_S or detail is Detail.VERBOSE
    table = _grid(9, 7, timed=timed)
    title = text(check.title, "dim" if check.status in (Status.SKIPPED, Status.NOT_APPLICABLE) else "")
    time = (seconds(check.duration_s),) if timed else ()
    table.add_row(badge(check.status, console), Text(check.id), title, *time)
    return table


def _below(check: CheckPart, detail: Detail, asked: Asked) -> Iterator[RenderableType]:
    if check.reason:
        yield _indented("reason", check.reason)
    for label, words in check.notes():
        yield _indented(label, words, "dim")
    shown = check.findings if detail is Detail.VERBOSE else _worst(check.findings)
    for finding in shown:
        yield from _finding(finding)
    if left := [one for one in check.findings if one not in shown]:
        severest = max(left, key=_rank)
        at_worst = "all waived" if severest.waiver else f"{severest.severity} at worst"
        yield _indented("more", f"{len(left)} more, {at_worst}; --verbose names them")
    if check.findings:
        yield _indented("why", check.rationale, "dim")
    if how := _remedy(check, asked):
        yield _indented("remedy", how)
    if detail is Detail.VERBOSE and check.evidence:
        yield _indented("evidence", ", ".join(check.evidence), "dim")


def _worst(findings: Sequence[FindingPart]) -> Sequence[FindingPart]:
    """All of a few; of many the worst ones, in the order in which they stand. The report has them all."""
    if len(findings) <= _MANY:
        return findings
    first = sorted(findings, key=_rank, reverse=True)[:_OF_MANY]
    return [one for one in findings if one in first]


def _rank(finding: FindingPart) -> tuple[bool, int]:
    """What counts is worse than anything that somebody answers for."""
    return not finding.waiver, Severity[finding.severity.upper()]


def _remedy(check: CheckPart, asked: Asked) -> str:
    """What to do where no finding brings its own fix; empty where nothing is, or the reason says it."""
    if check.status is Status.UNKNOWN:
        return remedy((check.id,), check.reason or "", asked)
    counting = [finding for finding in check.findings if not finding.waiver]
    return "" if all(finding.fix for finding in counting) else check.remediation


def _finding(finding: FindingPart) -> Iterator[RenderableType]:
    waived = f", waived in {finding.waiver}" if finding.waiver else ""
    # A name of a file may hold a line feed.
    whole = _where(finding).replace("\n", "\\n")
    yield _indented("where", f"{whole}, {finding.severity}{waived}", "bold")
    yield _indented("what", finding.message)
    if finding.fix:
        yield from _pasteable("fix", finding.fix.rstrip())


def _where(finding: FindingPart) -> str:
    """The subject with the place; a path that the subject names already is given its line there."""
    place = finding.location
    if place is None or str(place) == finding.subject:
        return finding.subject
    words = finding.subject.split(" ")
    if place.path in words:
        at = len(words) - 1 - words[::-1].index(place.path)
        return " ".join((*words[:at], str(place), *words[at + 1 :]))
    return f"{finding.subject} in {place}"


def _indented(label: str, words: str, style: str = "") -> Padding:
    return Padding.indent(_labelled(label, words, style), 4)


def _labelled(label: str, words: str, style: str = "") -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=_LABEL_WIDTH, no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    table.add_row(Text(label), text(words.rstrip(), style))
    return table


def _pasteable(label: str, words: str) -> Iterator[RenderableType]:
    """Lines that are never broken: what is copied from them must work."""
    for number, line in enumerate(text(words).split("\n", allow_blank=True)):
        head = Text(f"{'':4}{'' if number else label:<{_LABEL_WIDTH + 2}}", "dim")
        yield Text.assemble(head, line, no_wrap=True, overflow="ignore")


def _ending(made: Document, detail: Detail, page: str) -> Iterator[RenderableType]:
    counts = [f"{made.summary[status]} {WORDS[status]}" for status in Status if made.summary.get(status)]
    if made.checks():
        yield text(f"{plural(made.summary['checks'], 'check')}: {', '.join(counts)}")
    if (kept := sum(check.cached is not None for check in made.checks())) and detail > Detail.QUIET:
        again = "; --no-cache asks again" if made.kind == "validate" else ""
        yield text(f"{kept} cached: nothing changed that they follow from{again}", "dim")
    if (narrowed := sum(check.left_out is not None for check in made.checks())) and detail > Detail.QUIET:
        yield text(f"{plural(narrowed, 'check')} with findings left out: --verbose names them", "dim")
    if made.facts.keys() - {ENDING} and detail > Detail.QUIET:
        yield _facts(made)
    yield _verdict(made)
    if page and detail > Detail.QUIET:
        yield _labelled("report", page)
    for number, step in enumerate(made.next_steps, start=1):
        yield _labelled(f"next {number}" if number > 1 else "next", step)


def _verdict(made: Document) -> Table:
    word = f" {made.verdict.upper().replace('_', ' ')} "
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=len(word), no_wrap=True)
    table.add_column(overflow="fold")
    words = text(f"{because(made)} in {seconds(made.duration_s)}")
    table.add_row(Text(word, _verdict_style(made.verdict)), words)
    return table


def _facts(made: Document) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=_LABEL_WIDTH, style="dim")
    table.add_column(overflow="fold")
    for key, value in made.facts.items():
        if key == ENDING:
            continue
        table.add_row(text(key), text(value))
    return table


def _verdict_style(verdict: Verdict) -> str:
    if verdict in _GOOD:
        return ground(GOOD)
    return ground(NOTED if verdict in _NOTED else BAD)


def because(made: Document) -> str:
    """What the verdict stands on, in a few words."""
    limit = made.policy.fail_on
    if made.kind == "rehearse":
        return f"{made.facts[ENDING]},"
    match made.verdict:
        case Verdict.BLOCKED:
            worst = sum(check.status is Status.FAILED for check in made.checks())
            return f"{plural(worst, 'check')} with findings at or above {limit},"
        case Verdict.UNVERIFIED:
            missing = undecided(made)
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            return f"no verdict from required {', '.join(missing[:_NAMED])}{more},"
        case Verdict.READY | Verdict.READY_WITH_NOTES:
            return f"nothing at or above {limit},"
        case _:
            done = sum(step.status == "done" for step in made.steps)
            told = made.facts.get(ENDING)
            return f"{told}," if told else f"{done} of {plural(len(made.steps), 'step')} done"


def undecided(made: Document) -> tuple[str, ...]:
    """The required checks that gave no verdict."""
    doubtful = (Status.UNKNOWN, Status.SKIPPED)
    return tuple(c.id for c in made.checks() if c.id in made.policy.required and c.status in doubtful)
