"""What `report diff` answers, for people or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from hotelctl.core.report import Status
from hotelctl.render.difference import CheckChange, Difference, Found, Measured
from hotelctl.render.terminal import WORDS, badge, tell, text
from hotelctl.render.words import one_line, plural

_ABSENT = "absent"
_INDENT = "    "


def as_text(found: Difference, console: Console) -> None:
    """What the reports are about, then every check that says something else, then what was measured."""
    for line in _lines(found, console):
        tell(console, line)


def _lines(found: Difference, console: Console) -> Iterator[Text]:
    yield text(f"{found.before} -> {found.after}", "bold")
    for moved in found.about:
        yield text(f"  {moved.what}: {one_line(moved.before)} -> {one_line(moved.after)}")
    for change in found.checks:
        yield from _check(change, console)
    for row in found.performance:
        yield text(f"  {row.metric}: {_value(row, row.before)} -> {_value(row, row.after)}")
    alike = f"{plural(found.same, 'check')} as before"
    yield text(f"no difference, {alike}" if found.nothing else alike, "dim")


def _check(change: CheckChange, console: Console) -> Iterator[Text]:
    was, now = (_ABSENT if one is None else WORDS[one] for one in (change.before, change.after))
    moved = now if was == now else f"{was} -> {now}"
    shown = badge(change.after or Status.SKIPPED, console)
    yield Text.assemble(shown, " ", text(change.id, "bold"), text(f" {moved}: {one_line(change.title)}"))
    if change.reason:
        yield text(f"{_INDENT}{one_line(change.reason)}")
    for word, findings in (
        ("new", change.appeared),
        ("gone", change.gone),
        ("not judged again", change.left_open),
    ):
        yield from (text(f"{_INDENT}{word}: {_told(one)}") for one in findings)


def _told(one: Found) -> str:
    place = f" ({one.place})" if one.place else ""
    return one_line(f"{one.severity}, {one.subject}: {one.message}{place}")


def _value(row: Measured, value: float | None) -> str:
    return "not measured" if value is None else f"{value:g} {row.unit}"


def as_json(found: Difference, console: Console) -> None:
    """One object."""
    console.file.write(json.dumps(asdict(found), indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Difference, Console], None]] = {"console": as_text, "json": as_json}
