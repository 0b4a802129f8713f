"""How right a tool is about the cases: by case, and whether it names what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.planted.migrations.cases import MigrationCase, counted


@dataclass(frozen=True, slots=True)
class Score:
    """Ids of cases. `named` are those of `caught` of which one hazard at least is told by its name."""

    caught: tuple[str, ...]
    missed: tuple[str, ...]
    alarms: tuple[str, ...]
    quiet: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The part of what it flags that is unsafe; 1 where it flags nothing."""
        return _part(self.caught, self.alarms)

    @property
    def recall(self) -> float:
        """The part of the unsafe cases that it flags."""
        return _part(self.caught, self.missed)

    @property
    def naming(self) -> float:
        """The part of the unsafe cases of which it names a hazard."""
        return len(self.named) / (len(self.caught) + len(self.missed) or 1)


def score(among: Iterable[MigrationCase], told: Mapping[str, frozenset[str]]) -> Score:
    """Of the labels that a tool gives each case, by id; what is not counted flags nothing."""
    among = tuple(among)
    labels = {case.id: counted(told[case.id]) for case in among}

    def ids(*, safe: bool, flagged: bool) -> tuple[str, ...]:
        return tuple(c.id for c in among if c.safe is safe and bool(labels[c.id]) is flagged)

    return Score(
        caught=ids(safe=False, flagged=True),
        missed=ids(safe=False, flagged=False),
        alarms=ids(safe=True, flagged=True),
        quiet=ids(safe=True, flagged=False),
        named=tuple(case.id for case in among if labels[case.id] & case.hazards),
    )


def _part(right: tuple[str, ...], wrong: tuple[str, ...]) -> float:
    return len(right) / (len(right) + len(wrong)) if right or wrong else 1.0
