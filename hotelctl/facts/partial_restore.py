"""Which tables of a large backup are restored on trial, so that each foreign key among their rows holds."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from hotelctl.core.units import size, thousands

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Of a backup, the schema and the rows of `tables`; `left` are how many rows each other one has.

    `size_bytes` is what made the database too large for all of it.
    """

    tables: frozenset[str]
    left: Mapping[str, int]
    size_bytes: int

    @property
    def proves(self) -> str:
        """What a restore of it shows, in words."""
        return f"the schema and all rows of {thousands(len(self.tables), 'table')}"

    @property
    def not_proven(self) -> str:
        """What it cannot show, in words, the largest tables by name."""
        largest = sorted(self.left, key=lambda name: (-self.left[name], name))
        more = f" and {len(largest) - _NAMED} more" if len(largest) > _NAMED else ""
        named = f"{', '.join(largest[:_NAMED])}{more}" if largest else "none"
        rows = thousands(sum(self.left.values()), "row")
        return (
            f"not proven, as the database has {size(self.size_bytes)}: that {rows} of {named} and large "
            "objects restore, that their keys and constraints hold, and how long a migration takes on them"
        )


def closed(tables: Iterable[str], references: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    """`tables`, and all that their foreign keys lead to, one after the other."""
    found: set[str] = set()
    left = [*tables]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += references.get(one, ())
    return frozenset(found)


def chosen(
    sizes: Mapping[str, int],
    references: Mapping[str, AbstractSet[str]],
    needed: Iterable[str],
    budget_bytes: int,
) -> frozenset[str]:
    """The `needed` ones, then the smallest first, as long as all together fit into the budget.

    Each comes with all tables that its foreign keys lead to: whole tables are taken, as rows that are drawn
    from here and there would lead to rows that are not there.
    """
    taken = set(closed((name for name in needed if name in sizes), references)) & sizes.keys()
    used = sum(sizes[name] for name in taken)
    for name in sorted(sizes, key=lambda name: (sizes[name], name)):
        more = (closed((name,), references) & sizes.keys()) - taken
        if used + sum(sizes[one] for one in more) <= budget_bytes:
            taken |= more
            used += sum(sizes[one] for one in more)
    return frozenset(taken)
