"""`report.html`: one file without network and scripts, made from the document and its evidence.

Every value is escaped by the template engine. The content policy in the file allows its own style and
nothing else, so that a browser would not run what slipped through.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from hotelctl.core.lazily import lazily
from hotelctl.core.report import WORST_FIRST, Status, worst
from hotelctl.render import lock_picture
from hotelctl.render.console import because
from hotelctl.render.document import CheckPart, Document
from hotelctl.render.exhibit import exhibits
from hotelctl.render.histogram import picture
from hotelctl.render.lock_part import DRAWN, MEANING, MOST_TABLES, TITLE
from hotelctl.render.markdown import checks_of, issues
from hotelctl.render.templates import template
from hotelctl.render.terminal import WORDS
from hotelctl.render.time_axis import ms
from hotelctl.render.trailer import with_trailer
from hotelctl.render.words import clean, plural, seconds

if TYPE_CHECKING:
    import jinja2

    from hotelctl.render import compiled
else:
    compiled = lazily("hotelctl.render.compiled")

TEMPLATE = "report.html.j2"
STYLE = "report.css"
_TITLES = (
    ("Environment", ("environment",)),
    ("Database schema", ("schema",)),
    ("Test suite", ("tests",)),
    ("Build and artifacts", ("build",)),
    ("Security", ("security", "secrets")),
    ("External services", ("services",)),
    ("Docker", ("docker",)),
)
_SHOWN_EVIDENCE = 25
_ICONS = {
    Status.PASSED: "✓",
    Status.WARNED: "!",
    Status.FAILED: "✗",
    Status.UNKNOWN: "?",
    Status.SKIPPED: "-",
    Status.WAIVED: "~",
    Status.NOT_APPLICABLE: "·",
}
_STEPS = {"done": "pass", "failed": "fail", "undone": "warn", "running": "unknown", "planned": "skipped"}


def render(made: Document, files: Mapping[str, bytes]) -> str:
    """The text of `report.html`; `files` are the report's by their names in its directory."""
    style = template(STYLE)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body = _template().render(
        report=made,
        style=Markup(style),  # noqa: S704 - it is a file of this project
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        because=because(made),
        titles=_TITLES,
        checks_of=partial(checks_of, made),
        before=[c for c in checks_of(made, "operations") if not c.stage.asks_what_serves],
        after=[c for c in checks_of(made, "operations") if c.stage.asks_what_serves],
        issues=issues(made),
        exhibits=exhibits(files, _cited(made)),
        statuses=[status for status in WORST_FIRST if made.summary[status]],
        shown_evidence=_SHOWN_EVIDENCE,
        boundary=lock_picture.boundary(),
        locks={"title": TITLE, "meaning": f"{MEANING} {DRAWN}", "most": MOST_TABLES},
    )
    return with_trailer(body)


def _cited(made: Document) -> frozenset[str]:
    """The evidence that stands in a row, as much of it as is shown there."""
    parts: list[tuple[str, ...]] = [step.evidence for step in made.steps]
    parts += [one.evidence for one in made.performance]
    for check in made.checks():
        parts += [check.evidence, *(finding.evidence for finding in check.findings)]
    return frozenset(one for part in parts for one in part[:_SHOWN_EVIDENCE])


def badge(word: Status) -> Markup:
    """Symbol and word of a status; colour only repeats what they say."""
    return Markup('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>').format(
        word.value, _ICONS[word], WORDS[word]
    )


def step_badge(word: str) -> Markup:
    """The same for a step's state."""
    status = Status(_STEPS.get(word, "unknown"))
    return Markup('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>').format(
        status.value, _ICONS[status], clean(word)
    )


def worst_of(checks: list[CheckPart]) -> Status:
    """What a section of these checks shows."""
    return worst(check.status for check in checks)


def _shown(value: object) -> object:
    """Foreign text without what a browser would act on; what was made here stays."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _template() -> "jinja2.Template":
    filters = {
        "badge": badge,
        "step_badge": step_badge,
        "latencies": picture,
        "lock_picture": lock_picture.picture,
        "swatch": lock_picture.swatch,
        "during": lock_picture.during,
        "span": lock_picture.span,
        "ms": ms,
        "worst_of": worst_of,
        "seconds": seconds,
        "plural": plural,
        "word": WORDS.__getitem__,
    }
    return compiled.compiled(TEMPLATE, filters, autoescape=True, finalize=_shown)
