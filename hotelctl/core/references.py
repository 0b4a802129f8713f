"""What a git repository says of branches and tags other than HEAD."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Base:
    """What HEAD is to be merged into, as this clone last heard of it: `ref`, and its commits that HEAD lacks.

    `heard_at` is when that was, None where git keeps no log of it.
    """

    ref: str
    behind: int
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signature:
    """A tag's signature: `good` is None where git could not judge it, `words` say why, or what it says."""

    annotated: bool
    signed: bool
    good: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What lies between `base`, where HEAD's branch parted from another one, and the work tree as it is.

    `touched` files differ or are new, `untouched` ones are tracked and do not; ignored ones are in neither.
    Both are the project's, which may be a part of the repository, and named from there.
    `commits` are those that lie between.
    """

    base: str
    touched: frozenset[str]
    untouched: frozenset[str]
    commits: frozenset[str]


class References(Protocol):
    """The branches and tags that a clone knows."""

    def base(self) -> Base | None:
        """The branch that HEAD's branch follows, else the remote's own one; None where none is known."""
        ...

    def has_remote(self) -> bool:
        """Whether the clone knows any other repository."""
        ...

    def tagged(self) -> Mapping[str, str]:
        """Every tag and the commit that it leads to."""
        ...

    def authors(self, commit: str) -> tuple[str, ...]:
        """Name and e-mail address of who wrote `commit`; empty where the clone does not hold it."""
        ...

    def signature(self, tag: str) -> Signature:
        """What git says of the signature of `tag`."""
        ...
