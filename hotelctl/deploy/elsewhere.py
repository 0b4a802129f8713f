"""What other machines that keep their backups in the same store may need of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_WHY = "neither this machine nor the shared history knows the deploy that took it"
_HINT = "its machine tells it with its next operation, hotelctl backup prune --forgotten removes it"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The backups that others `need`, and the operations of others that are `known`.

    `known` is None where nobody else keeps anything there, or none of them tells.
    """

    need: frozenset[str] = frozenset()
    known: frozenset[str] | None = None

    def unknown(self, backups: Iterable[str], here: Collection[str]) -> frozenset[str]:
        """Of `backups` of deploys those that nobody knows, with those `here`: one may be a way back.

        The history may have been lost, and the machine that deployed has not told it again yet.
        """
        if self.known is None:
            return frozenset()
        known = self.known.union(here)
        return frozenset(name for name in backups if name not in known)


def why_kept(name: str) -> str:
    """One line about a backup of an unknown deploy that would have left."""
    return f"backup {name} is not tidied away: {_WHY}; {_HINT}"
