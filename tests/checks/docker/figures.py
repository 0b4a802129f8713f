"""How often each rule is right on the labelled Dockerfiles, beside what hadolint alone says."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.checks.docker.labelled import LOOKED_AT, RULES, SET_ASIDE, Outcome, cases, outcome

LEAST_RECALL, MOST_FALSE = 0.95, 0.02
# Its rules that mean the same, where it has one.
SAME: Mapping[str, frozenset[str]] = {
    "DKR002": frozenset({"DL3006", "DL3007"}),
    "DKR004": frozenset({"DL3002"}),
    "DKR005": frozenset({"DL3066"}),
    "DKR006": frozenset({"DL3057"}),
    "DKR007": frozenset({"DL3025"}),
    "DKR008": frozenset({"DL3064"}),
    "DKR010": frozenset({"DL3011"}),
    "DKR011": frozenset({"DL3013", "DL3016", "DL3028"}),
    "DKR012": frozenset({"DL3026"}),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a number of cases: in how many a rule was wanted and found, wanted at all, and fired wrongly."""

    found: int
    wanted: int
    false: int
    quiet: int

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(
            self.found + other.found,
            self.wanted + other.wanted,
            self.false + other.false,
            self.quiet + other.quiet,
        )

    @property
    def recall(self) -> float:
        """The share of what was wanted that was found; 1 where nothing was."""
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def false_share(self) -> float:
        """The share of all alarms that were false."""
        alarms = self.found + self.false
        return self.false / alarms if alarms else 0.0


def outcomes(part: str) -> tuple[Outcome, ...]:
    """Every case of the half, judged."""
    return tuple(_judged(part))


def _judged(part: str) -> Iterator[Outcome]:
    for case in cases(part):
        with tempfile.TemporaryDirectory() as place:
            yield outcome(case, Path(place))


def ours(rule: str, judged: Sequence[Outcome]) -> Figures:
    """Of one rule."""
    return _figures([(rule in one.case.expect, rule in one.fired) for one in judged])


def hadolints(rule: str, judged: Sequence[Outcome]) -> Figures:
    """Of hadolint's own rules of the same meaning; what it cannot read it does not find."""
    same = SAME.get(rule, frozenset())
    said = [{remark.code for remark in one.alone or ()} for one in judged]
    return _figures(
        [(rule in one.case.expect, bool(same & codes)) for one, codes in zip(judged, said, strict=True)]
    )


def _figures(pairs: Sequence[tuple[bool, bool]]) -> Figures:
    return Figures(
        sum(wanted and fired for wanted, fired in pairs),
        sum(wanted for wanted, _ in pairs),
        sum(fired and not wanted for wanted, fired in pairs),
        sum(not fired and not wanted for wanted, fired in pairs),
    )


def total(rows: Sequence[Figures]) -> Figures:
    """All rules together."""
    return sum(rows, Figures(0, 0, 0, 0))


def section(judged: Mapping[str, Sequence[Outcome]]) -> str:
    """The table of both halves as docs/accuracy.md shows it."""
    lines = []
    for part, words in ((SET_ASIDE, "set aside"), (LOOKED_AT, "looked at")):
        here = judged[part]
        leaks = sum(len(one.leaks) for one in here)
        lines += [f"### Half that is {words}: {len(here)} Dockerfiles, {leaks} secret values leaked", ""]
        lines += [
            "| rule | found | false alarms | hadolint alone: found | false alarms |",
            "|---|---|---|---|---|",
        ]
        rows = [(check.info.id, ours(check.info.id, here), hadolints(check.info.id, here)) for check in RULES]
        lines += [_row(rule, mine, theirs, known=rule in SAME) for rule, mine, theirs in rows]
        mine, theirs = total([row[1] for row in rows]), total([row[2] for row in rows])
        lines += [_row("**all**", mine, theirs, known=True), ""]
    return "\n".join(lines)


def _row(rule: str, mine: Figures, theirs: Figures, *, known: bool) -> str:
    beside = f"{theirs.found} of {theirs.wanted} | {theirs.false}" if known else "no such rule | "
    return f"| {rule} | {mine.found} of {mine.wanted} | {mine.false} | {beside} |"
