"""Which findings count in a run that looks for new ones: the others are left out, counted and named.

What could not be judged stays so, and no finding about the waivers themselves is ever left out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from hotelctl.core.check import CheckInfo
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.some_of import some_of
from hotelctl.core.waiver import NEVER_WAIVED

Leaves = Callable[[CheckInfo, Sequence[Finding]], Sequence[Finding]]
"""Of the findings of a check those that are left out."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`leaves` picks what is left out, `why` is said of it: `2 findings left out, known from base.json`."""

    leaves: Leaves
    why: str

    def split(self, info: CheckInfo, found: Sequence[Finding]) -> tuple[list[Finding], str]:
        """The findings that count, and in words those that do not; no words where all count."""
        left = [] if info.id in NEVER_WAIVED else list(self.leaves(info, found))
        if not left:
            return list(found), ""
        rest = [one for one in found if one not in left]
        number = f"{len(left)} finding{'s' if len(left) > 1 else ''}"
        return rest, f"{number} left out, {self.why}: {some_of([str(f.location or f.subject) for f in left])}"


@dataclass(frozen=True, slots=True)
class Known:
    """What was known under one fingerprint: how many findings, and the worst of their severities."""

    number: int
    worst: Severity


def known_before(known: Mapping[tuple[str, str], Known]) -> Leaves:
    """Leaves out what was `known`, by check and fingerprint, unless it is worse now.

    Of what is there more often than before nobody can tell which is new, so all of it counts.
    """

    def leaves(info: CheckInfo, found: Sequence[Finding]) -> Sequence[Finding]:
        prints = [one.fingerprint(info.id) for one in found]
        now = Counter(prints)
        old = {name: one for name in now if (one := known.get((info.id, name)))}
        return [
            one
            for one, name in zip(found, prints, strict=True)
            if name in old
            and now[name] <= old[name].number
            and (one.severity or info.severity) <= old[name].worst
        ]

    return leaves


def of_before(untouched: Collection[str], commits: frozenset[str]) -> Leaves:
    """Leaves out what stands in one of these files; what has no place, or another one, counts.

    Of what the history holds counts what one of `commits` brought, wherever it stood, and nothing else.
    """

    def is_old(one: Finding) -> bool:
        if one.commits:
            return commits.isdisjoint(one.commits)
        return one.location is not None and one.location.path in untouched

    def leaves(_info: CheckInfo, found: Sequence[Finding]) -> Sequence[Finding]:
        return [one for one in found if is_old(one)]

    return leaves
