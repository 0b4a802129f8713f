"""A picture of latencies, as SVG inside the page: no style attributes, which the page's policy forbids."""

from collections.abc import Sequence

from markupsafe import Markup

from hotelctl.render.document import BarPart

_WIDTH, _HEIGHT, _FLOOR = 600.0, 120.0, 100.0
_APART = 1.0
# What holds one request of very many is still to be seen.
_LEAST = 2.0
_MS = 1000


def picture(bars: Sequence[BarPart]) -> Markup:
    """The bars from the shortest latency to the longest, what failed at the end; nothing without any."""
    if not bars:
        return Markup()
    most, step = max(bar.count for bar in bars), _WIDTH / len(bars)
    drawn = Markup().join(_bar(bar, place * step, step, most) for place, bar in enumerate(bars))
    words = _words(bars)
    return Markup(
        '<figure class="latencies"><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text></svg>'
        "<figcaption>{}</figcaption></figure>"
    ).format(
        _plain(_WIDTH),
        _plain(_HEIGHT),
        words,
        drawn,
        _plain(_HEIGHT - 4),
        _edge(bars[0].from_s),
        _plain(_WIDTH),
        _plain(_HEIGHT - 4),
        _edge(bars[-1].to_s),
        words,
    )


def _bar(bar: BarPart, left: float, step: float, most: int) -> Markup:
    if not bar.count:
        return Markup()
    height = max(_LEAST, bar.count / most * _FLOOR)
    kind = "failed" if bar.from_s is None else "answered"
    span = "failed" if bar.from_s is None else f"from {_edge(bar.from_s)} to {_edge(bar.to_s)}"
    title = f"{bar.count} {span}"
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        kind, _plain(left), _plain(_FLOOR - height), _plain(max(_APART, step - _APART)), _plain(height), title
    )


def _words(bars: Sequence[BarPart]) -> str:
    answered = [bar for bar in bars if bar.from_s is not None]
    failed = sum(bar.count for bar in bars if bar.from_s is None)
    total = sum(bar.count for bar in answered)
    told = f"{total} latencies"
    if answered:
        span = f"between {_edge(answered[0].from_s)} and {_edge(answered[-1].to_s)}"
        told = f"{told} {span}, on a logarithmic scale"
    return f"{told}; {failed} failed" if failed else told


def _edge(value_s: float | None) -> str:
    return "failed" if value_s is None else f"{value_s * _MS:.3g} ms"


def _plain(value: float) -> str:
    return f"{value:.1f}"
