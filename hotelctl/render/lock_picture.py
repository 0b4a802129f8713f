"""The lock timeline of a migration as SVG inside the page.

Places along the time are in percent, so that letters keep their size on a phone. What waits is told by
pattern and by colour. No style attributes: the page's policy forbids them.
"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from hotelctl.render.lock_part import MOST_TABLES, LockBarPart, LockTimelinePart
from hotelctl.render.time_axis import edges, ms, ticks
from hotelctl.render.words import plural

_HEAD, _NAME, _BAR, _ROW, _AXIS = 26, 14, 18, 44, 24
# What a number needs of a phone's width, and of a desk's.
_PHONE, _DESK = 0.05, 0.017
_LONGEST = 42
_APART = 0.19
_KINDS = {"writes": "writes", "reads and writes": "all"}
_PATTERN = Markup(
    '<pattern id="lock-{0}" width="8" height="8" patternUnits="userSpaceOnUse"{1}>'
    '<rect class="{0}" width="8" height="8"/>{2}</pattern>'
)
_STRIPES = Markup('<rect class="stripe" width="3" height="8"/>')


def picture(timeline: LockTimelinePart) -> Markup:
    """Statements by their numbers on top, a row for each table, milliseconds below."""
    where = edges(timeline)
    tables = timeline.tables()[:MOST_TABLES]
    floor = _HEAD + _ROW * len(tables)
    parts = [*_transactions(timeline, where, floor), *_statements(timeline, where)]
    for place, (name, bars) in enumerate(tables):
        parts += _row(name, bars, where, _HEAD + _ROW * place)
    parts += _axis(timeline, floor)
    return Markup('<svg role="img" aria-label="{}" width="100%" height="{}">{}{}</svg>').format(
        alternative(timeline), floor + _AXIS, _patterns(), Markup().join(parts)
    )


def swatch(waits: str) -> Markup:
    """What stands for it in the picture, as a small one."""
    return Markup(
        '<svg class="swatch" aria-hidden="true" width="28" height="14">'
        '<rect class="bar {}" x="1" y="1" width="26" height="12"/></svg>'
    ).format(_KINDS[waits])


def boundary() -> Markup:
    """The same for the end of a transaction."""
    return Markup(
        '<svg class="swatch" aria-hidden="true" width="14" height="14">'
        '<line class="between" x1="7" x2="7" y1="0" y2="14"/></svg>'
    )


def alternative(timeline: LockTimelinePart) -> str:
    """The picture in words."""
    count = plural(len(timeline.statements), "statement")
    told = [f"{count} in {ms(timeline.total_ms)}."]
    for name, bars in timeline.tables()[:MOST_TABLES]:
        spans = ", ".join(f"{bar.waits} wait during {during(bar)}" for bar in bars)
        told.append(f"{name}: {spans}.")
    return " ".join(told)


def during(bar: LockBarPart) -> str:
    """`statement 3` or `statements 3 to 6`."""
    alone = bar.last == bar.statement
    return f"statement {bar.statement}" if alone else f"statements {bar.statement} to {bar.last}"


def span(bar: LockBarPart) -> str:
    """`0 ms to 1.5 ms`."""
    return f"{ms(bar.start_ms)} to {ms(bar.end_ms)}"


def _patterns() -> Markup:
    striped = _PATTERN.format("writes", Markup(' patternTransform="rotate(45)"'), _STRIPES)
    return Markup("<defs>{}{}</defs>").format(striped, _PATTERN.format("all", "", ""))


def _transactions(timeline: LockTimelinePart, where: Sequence[float], floor: float) -> Iterator[Markup]:
    """A line where one ends and the next begins: all locks are let go of there."""
    pairs = zip(timeline.statements, timeline.statements[1:], where[1:], strict=False)
    for before, after, at in pairs:
        if before.transaction != after.transaction:
            yield Markup('<line class="between" x1="{0}" x2="{0}" y1="0" y2="{1}"/>').format(
                _percent(at), floor
            )


def _statements(timeline: LockTimelinePart, where: Sequence[float]) -> Iterator[Markup]:
    for one, begin, end in zip(timeline.statements, where, where[1:], strict=False):
        place = f", {one.location}" if one.location else ""
        title = f"{one.n}. {one.label}{place}, {ms(one.end_ms - one.start_ms)}"
        yield Markup(
            '<rect class="statement" x="{}" y="1" width="{}" height="18"><title>{}</title></rect>'
        ).format(_percent(begin), _percent(end - begin), title)
        if end - begin >= _DESK:
            room = "" if end - begin >= _PHONE else " tight"
            yield Markup('<text class="number{}" x="{}" y="14" text-anchor="middle">{}</text>').format(
                room, _percent((begin + end) / 2), one.n
            )


def _row(name: str, bars: Sequence[LockBarPart], where: Sequence[float], top: int) -> Iterator[Markup]:
    # The end of a name tells it apart from others.
    shown = name if len(name) <= _LONGEST else f"...{name[3 - _LONGEST :]}"
    yield Markup('<text class="table" x="0" y="{}">{}<title>{}</title></text>').format(
        top + _NAME, shown, name
    )
    yield Markup('<rect class="free" x="0" y="{}" width="100%" height="{}"/>').format(top + _NAME + 6, _BAR)
    for bar in bars:
        begin, end = where[bar.statement - 1], where[bar.last]
        place = f", {bar.location}" if bar.location else ""
        title = f"{bar.table}: {bar.waits} wait, {bar.mode}, {during(bar)}, {span(bar)}{place}"
        yield Markup(
            '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
        ).format(_KINDS[bar.waits], _percent(begin), top + _NAME + 6, _percent(end - begin), _BAR, title)


def _axis(timeline: LockTimelinePart, floor: int) -> Iterator[Markup]:
    yield Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(floor + 2)
    for at, word in ticks(timeline, _APART):
        anchor = {0.0: "start", 1.0: "end"}.get(at, "middle")
        yield Markup('<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
            _percent(at), floor + 2, floor + 7
        )
        yield Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            _percent(at), floor + 20, anchor, word
        )


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
