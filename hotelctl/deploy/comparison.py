"""A release's answers held against those of the one before: whether it is worse than chance makes it.

Invariant: what both do alike is never told as worse. A share of errors counts only where it is so far above
the one before that chance hardly makes it so; latency only over what both were asked, and when it lasts.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import fmean

from hotelctl.facts.answer_tally import NOTHING, Tally, chance_above, chance_of_more, p95, tally
from hotelctl.facts.edge_log import Answer

ENOUGH = 50
"""So few answers prove nothing."""
_PART_ENOUGH = 20
_PART_S = 5.0
_PARTS, _BAD_PARTS = 3, 2
# One side of three sigma; and what is looked at again with every answer must be surer by far.
_SIGMA_3 = 0.00135
_AT_ONCE = 1e-5
_POINT = 0.01
_SLOWER, _SLOWER_S = 1.5, 0.1
_CONTROLS, _BUSIEST = 5, 1.5
# Of all requests: what fewer ask moves no p95 of the whole.
_RARE = 0.05


@dataclass(slots=True)
class Comparison:
    """`before` are answers of the former release in its own last window; `add` is told the new one's.

    `counted` stands for answers of which only the number is left. `part_s` is a third of the window, five
    seconds at most: a sub-window, which waits for 20 answers. `control_s` is how long the former release took
    to answer a probe before; where it takes longer now, though nobody else asks it, the machine is to blame.
    """

    before: Sequence[Answer]
    max_error_share: float
    window_s: float
    began_s: float
    counted: Tally = NOTHING
    control_s: float | None = None
    _n: int = 0
    _errors: int = 0
    _seconds: "array[float]" = field(default_factory=lambda: array("d"))
    _part: list[Answer] = field(default_factory=list)
    _worse: deque[str] = field(default_factory=lambda: deque(maxlen=_PARTS))
    _former: Tally = NOTHING
    _known: dict[str, list[Answer]] = field(default_factory=dict)
    _control: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The baseline is counted once."""
        self.before = [one for one in self.before if not one.synthetic]
        # Three that are left in the log stand for nothing beside the number of all.
        self._former = max(tally(_answered(self.before)), self.counted, key=lambda one: one.n)
        self._known = _by_question(self.before)

    @property
    def part_s(self) -> float:
        """How long a sub-window lasts at least."""
        return min(self.window_s / _PARTS, _PART_S)

    @property
    def former(self) -> Tally:
        """The baseline."""
        return self._former

    def now(self) -> Tally:
        """All answers of the new release so far."""
        return Tally(self._n, self._errors, p95(self._seconds))

    def add(self, answers: Sequence[Answer], at_s: float) -> str:
        """Why the release is bad, with what was told until `at_s`; empty while nothing says so."""
        for one in answers:
            if one.synthetic:
                continue
            self._part.append(one)
            if not one.given_up:
                self._n, self._errors = self._n + 1, self._errors + one.failed
                self._seconds.append(one.seconds)
        return self._at_once() or self._part_ended(at_s)

    def control(self, seconds: float) -> None:
        """So long the former release took to answer a probe just now."""
        self._control.append(seconds)

    def over(self) -> str:
        """Why the release is bad after the whole window; empty when nothing says so."""
        return self._more_errors(Tally(self._n, self._errors, None))

    def enough(self) -> bool:
        """Whether the answers prove anything; without a baseline, that not too many failed."""
        if self._n < ENOUGH:
            return False
        return bool(self._former.n) or self._errors < self.max_error_share * self._n

    def _at_once(self) -> str:
        if self._n < ENOUGH or self._errors < self.max_error_share * self._n:
            return ""
        now, former = Tally(self._n, self._errors, None), self._former
        borne = max(self.max_error_share, 2 * former.share)
        sure = chance_above(now.errors, now.n, borne) < _AT_ONCE
        return _errors(now, former) if sure or self._chance(now) < _AT_ONCE else ""

    def _chance(self, now: Tally) -> float:
        """How likely chance alone makes it worse than the one before; without one, nobody can tell."""
        return chance_of_more(now, self._former) if self._former.n else 1.0

    def _part_ended(self, at_s: float) -> str:
        if at_s - self.began_s < self.part_s or len(self._part) < _PART_ENOUGH:
            return ""
        part, self._part, self.began_s = self._part, [], at_s
        self._worse.append(self._more_errors(tally(_answered(part))) or self._slower(part))
        bad = [why for why in self._worse if why]
        return bad[-1] if len(bad) >= _BAD_PARTS else ""

    def _more_errors(self, now: Tally) -> str:
        before = self._former
        if now.share - before.share <= _POINT or self._chance(now) >= _SIGMA_3:
            return ""
        return _errors(now, before)

    def _slower(self, part: Sequence[Answer]) -> str:
        """Question by question: another mix of requests is no other speed. Rare ones are told together."""
        busier, held = self._busier(), list[tuple[str, Tally, Tally]]()
        asked = _by_question(part)
        for name, now in asked.items():
            then = self._known.get(name, ())
            if len(then) >= _PART_ENOUGH:
                bound = _bound(then, busier)
                held.append((name, _beyond(now, bound), _beyond(then, bound)))
        slower = [one for one in held if self._lasts(one[1], one[2], len(held))]
        if sum(now.n for _, now, _ in slower) > len(part) * _RARE:
            name = max(slower, key=lambda one: one[1].n)[0]
            now, then = asked[name], self._known[name]
            return (
                f"p95 of {name} is {_ms(_p95(now))} of {len(now)} requests, "
                f"{_ms(_p95(then))} of {len(then)} before"
            )
        every, alike = _pooled(held)
        if not self._lasts(every, alike, 1):
            return ""
        return (
            f"{every.errors} of {every.n:,} requests were slower than half as much again as 95 of 100 "
            f"of their question before, {_percent(alike)} then"
        )

    @staticmethod
    def _lasts(now: Tally, before: Tally, among: int) -> bool:
        """Whether more than a twentieth was beyond its bound, and chance alone hardly makes it so."""
        if now.n < _PART_ENOUGH or now.share <= _RARE:
            return False
        return chance_of_more(now, before) < _SIGMA_3 / among

    def _busier(self) -> float:
        """How many times slower the machine is than before, as the former release shows in this part.

        By half at most: what the new one takes from all others must not excuse it.
        """
        control, self._control = self._control, []
        if not self.control_s or len(control) < _CONTROLS:
            return 1.0
        return min(max(fmean(control) / self.control_s, 1.0), _BUSIEST)


def _by_question(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """How each question was answered, or not."""
    found: dict[str, list[Answer]] = {}
    for one in answers:
        found.setdefault(one.asked, []).append(one)
    return found


def _answered(answers: Iterable[Answer]) -> list[Answer]:
    return [one for one in answers if not one.given_up]


def _p95(answers: Sequence[Answer]) -> float | None:
    """As if who gave up had been answered just then."""
    return p95([one.seconds for one in answers])


def _bound(then: Sequence[Answer], busier: float) -> float:
    """What is slower than this is half as slow again as 95 of 100 before, and 100 ms."""
    old = (_p95(then) or 0.0) * busier
    return max(old * _SLOWER, old + _SLOWER_S)


def _beyond(answers: Sequence[Answer], bound: float) -> Tally:
    """Who gave up sooner than that tells nothing."""
    told = [one for one in answers if one.seconds > bound or not one.given_up]
    return Tally(len(told), sum(one.seconds > bound for one in told), None)


def _pooled(held: Sequence[tuple[str, Tally, Tally]]) -> tuple[Tally, Tally]:
    """All that is asked now, and what was before in the same mix: as many of it as its rarest allows."""
    asked = [(now, then) for _, now, then in held if now.n]
    fold = min((then.n / now.n for now, then in asked), default=0.0)
    n, beyond = sum(now.n for now, _ in asked), sum(now.n * then.share for now, then in asked)
    now = Tally(n, sum(now.errors for now, _ in asked), None)
    return now, Tally(ceil(fold * n), ceil(fold * beyond), None)


def told(now: Tally, before: Tally) -> str:
    """Both in one phrase."""
    beside = (
        f" ({_percent(before)} of {before.n:,} before)" if before.n else " (no earlier answers to compare)"
    )
    speed = "" if now.p95_s is None else f", p95 {_ms(now.p95_s)}"
    than = "" if now.p95_s is None or before.p95_s is None else f" ({_ms(before.p95_s)} before)"
    return f"{now.n:,} requests, {_percent(now)} failed{beside}{speed}{than}"


def _errors(now: Tally, before: Tally) -> str:
    beside = f", {_percent(before)} of {before.n:,} before" if before.n else ""
    return f"{now.errors} of {now.n:,} requests failed ({_percent(now)}{beside})"


def _percent(one: Tally) -> str:
    return f"{one.share:.1%}"


def _ms(seconds: float | None) -> str:
    return f"{(seconds or 0.0) * 1000:.0f} ms"
