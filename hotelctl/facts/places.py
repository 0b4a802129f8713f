"""Places in a history, each told apart from the others."""

from collections.abc import Iterable

Place = tuple[str, str]
"""A path, and the commit or the object in which it is meant."""


def by_place(doubts: Iterable[tuple[Place, str]]) -> dict[str, str]:
    """Each doubt by its path; a second one at the same path with the commit, so that none hides another.

    Which is the second follows from what is told, not from ids of commits, which hold a time.
    """
    told: dict[str, str] = {}
    # Rules that doubt the same say it in the same words.
    for (path, commit), why in sorted(doubts, key=lambda one: (one[0][0], one[1], one[0][1])):
        name = path if told.get(path, why) == why else f"{path} in {commit[:12]}"
        told[name] = why
    return told
