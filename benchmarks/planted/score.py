"""Which cases a scanner found, and what it found that is none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.planted.cases import Case
from benchmarks.planted.tools import SHORT, Hit

Numbers = Mapping[str, int]
"""How many secrets were `wanted` and `found`, and how many alarms were `false`."""
LEAST = 0.95
"""Of recall and of precision."""
_BY_LINE = frozenset({"tree", "untracked", "context", "utf16"})
_SAID = frozenset({"message", "tag"})


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases of a half and which of them were found; `beside` counts places that are no case's."""

    cases: tuple[Case, ...]
    found: frozenset[str]
    beside: int

    def part(self, cases: Iterable[Case]) -> "Judged":
        """Of some of them only; what stands beside is nobody's."""
        return Judged(tuple(cases), self.found, 0)

    @property
    def wanted(self) -> int:
        """So many are planted."""
        return sum(case.planted for case in self.cases)

    @property
    def caught(self) -> int:
        """Of the planted."""
        return sum(case.planted and case.name in self.found for case in self.cases)

    @property
    def false(self) -> int:
        """Decoys, and places beside all cases."""
        return sum(not case.planted and case.name in self.found for case in self.cases) + self.beside

    @property
    def numbers(self) -> Numbers:
        """What is kept of it."""
        return {"wanted": self.wanted, "found": self.caught, "false": self.false}

    @property
    def missed(self) -> tuple[Case, ...]:
        """What is planted and was not found."""
        return tuple(case for case in self.cases if case.planted and case.name not in self.found)

    @property
    def alarms(self) -> tuple[Case, ...]:
        """The decoys that were taken for secrets."""
        return tuple(case for case in self.cases if not case.planted and case.name in self.found)


def recall(one: Numbers) -> float:
    """The share of what is planted that was found."""
    return one["found"] / one["wanted"] if one["wanted"] else 1.0


def precision(one: Numbers) -> float:
    """The share of the places told that hold a secret."""
    told = one["found"] + one["false"]
    return one["found"] / told if told else 1.0


def judged(cases: Sequence[Case], said: dict[str, str], hits: Iterable[Hit]) -> Judged:
    """A case is found by a hit in its file, where lines can be told on one of its lines, or in its message.

    Of a file of the history and of an archive the file is enough. A hit on another line of a planted file,
    or in a file that belongs to no case, stands beside; each file counts once.
    """
    paths = {case.path: case for case in cases if case.place not in _SAID}
    by_name = {case.name: case for case in cases}
    messages = {told[:SHORT]: by_name[name] for told, name in said.items()}
    found, beside = set(), Counter[str]()
    for hit in hits:
        case = _case(hit, paths, messages)
        if case is None:
            beside[hit.path or hit.said] += 1
        elif _is_there(case, hit):
            found.add(case.name)
        else:
            beside[case.path] += 1
    return Judged(tuple(cases), frozenset(found), len(beside))


def _case(hit: Hit, paths: dict[str, Case], messages: dict[str, Case]) -> Case | None:
    if hit.said:
        return messages.get(hit.said)
    return paths.get(hit.path.partition("!")[0])


def _is_there(case: Case, hit: Hit) -> bool:
    if not case.planted or case.place not in _BY_LINE or not hit.lines:
        return True
    first, last = case.lines
    return any(first <= line <= last for line in hit.lines)
