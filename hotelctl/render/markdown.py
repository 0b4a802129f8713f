"""`report.md`: the client's fourteen sections and the appendix, made from the document alone.

Everything that a template prints is escaped unless a filter here made it. The last line names the
digest of all bytes before it.
"""

import re
from collections.abc import Iterable
from functools import cache, partial
from typing import TYPE_CHECKING

from hotelctl.core.finding import Severity
from hotelctl.core.lazily import lazily
from hotelctl.core.report import Status, worst
from hotelctl.render.console import because
from hotelctl.render.document import CheckPart, Document
from hotelctl.render.lock_part import MEANING, MOST_TABLES, TITLE
from hotelctl.render.terminal import WORDS
from hotelctl.render.time_axis import ms
from hotelctl.render.trailer import with_trailer
from hotelctl.render.words import clean, one_line, plural, seconds

if TYPE_CHECKING:
    import jinja2

    from hotelctl.render import compiled
else:
    compiled = lazily("hotelctl.render.compiled")

TEMPLATE = "report.md.j2"
_ALWAYS = re.compile(r"([\\`*\[\]<>|~&$])|(?<![^\W_])(_)|(_)(?![^\W_])")
_AT_START = re.compile(r"^(?:([#+\-=])|(\d+)([.)])(?=\s|$))")
_SHOWN_EVIDENCE = 3
_ICONS = {
    Status.PASSED: "✅",
    Status.WARNED: "⚠️",
    Status.FAILED: "❌",
    Status.UNKNOWN: "❓",
    Status.SKIPPED: "⏭️",
    Status.WAIVED: "🔕",
    Status.NOT_APPLICABLE: "▫️",
}
_STEP_ICONS = {"done": "✅", "failed": "❌", "undone": "↩️", "running": "⏳", "planned": "⏭️"}


class Safe(str):
    """Markdown that was made here and is not escaped again."""

    __slots__ = ()


def escaped(value: object) -> Safe:
    """`value` on one line so that Markdown shows it as it is, in a paragraph or in a table's cell."""
    if isinstance(value, Safe):
        return value
    words = _ALWAYS.sub(lambda hit: "\\" + hit[0], one_line(str(value)))
    return Safe(_AT_START.sub(lambda hit: f"\\{hit[1]}" if hit[1] else f"{hit[2]}\\{hit[3]}", words))


def block(text: str) -> Safe:
    """A fenced block whose fence is longer than any in `text`."""
    shown = clean(text).strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return Safe(f"{fence}text\n{shown}\n{fence}")


def evidence(ids: Iterable[str]) -> Safe:
    """The first evidence ids, and how many more the JSON names."""
    every = list(ids)
    shown = ", ".join(escaped(one) for one in every[:_SHOWN_EVIDENCE])
    more = len(every) - _SHOWN_EVIDENCE
    return Safe((f"{shown} and {more} more" if more > 0 else shown) or "none")


def status(word: Status) -> Safe:
    """Symbol and word of a status."""
    return Safe(f"{_ICONS[word]} {WORDS[word]}")


def step_status(word: str) -> Safe:
    """Symbol and word of a step's state."""
    return Safe(f"{_STEP_ICONS.get(word, '❓')} {escaped(word)}")


def render(made: Document) -> str:
    """The text of `report.md`."""
    body = _template().render(
        report=made,
        checks_of=partial(checks_of, made),
        before=[c for c in checks_of(made, "operations") if not c.stage.asks_what_serves],
        after=[c for c in checks_of(made, "operations") if c.stage.asks_what_serves],
        issues=issues(made),
        because=because(made),
        worst=worst,
        locks={"title": TITLE, "meaning": MEANING, "most": MOST_TABLES},
        as_made=Safe,
    )
    return with_trailer(body)


def checks_of(made: Document, *names: str) -> list[CheckPart]:
    """The checks of these sections."""
    return [check for part in made.sections if part.id in names for check in part.checks]


def issues(made: Document) -> list[CheckPart]:
    """What failed, warned or could not be judged, worst first."""
    order = (Status.FAILED, Status.UNKNOWN, Status.WARNED)
    found = [check for check in made.checks() if check.status in order]
    return sorted(found, key=lambda c: (order.index(c.status), -Severity[c.severity.upper()]))


@cache
def _template() -> "jinja2.Template":
    filters = {
        "block": block,
        "evidence": evidence,
        "status": status,
        "step_status": step_status,
        "seconds": seconds,
        "plural": plural,
        "ms": ms,
    }
    # Markdown, not HTML: `finalize` escapes every value.
    return compiled.compiled(TEMPLATE, filters, keep_trailing_newline=True, finalize=escaped)
