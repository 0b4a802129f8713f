"""What one pass over every object of a repository finds, and over the large files that it points at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotelctl.core.history import Tip
from hotelctl.facts.secret_copies import NamedSecret


@dataclass(frozen=True, slots=True)
class SearchedValues:
    """The values that are searched for; none where none is known, or nobody can tell what is secret."""

    known: tuple[NamedSecret, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectHit:
    """An object that holds the value of these names, or an archive that does; `mark` stands for it."""

    object_id: str
    names: tuple[str, ...]
    mark: str
    encoded: bool


@dataclass(frozen=True, slots=True)
class ObjectSearch:
    """What was found in `objects` objects: values, archives, and text in UTF-16, by the objects' ids.

    `large` are pointers of Git LFS, by object the sha256 of the file that it stands for, which is no object.
    `doubts` says by object, and the member behind it, why an archive was not opened, where values were
    searched for. `trouble` says why git could not give all; empty where it did. `tips` are those of the
    history before the first was read.
    """

    objects: int
    hits: tuple[ObjectHit, ...] = ()
    archives: tuple[str, ...] = ()
    utf_16: tuple[str, ...] = ()
    large: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    tips: tuple[Tip, ...] = ()

    def same_as(self, tips: tuple[Tip, ...], commit: str) -> bool:
        """Whether the history has these tips still, and `commit`, which is checked out, is one of them."""
        return self.tips == tips and any(tip.object_id == commit for tip in tips)


@dataclass(frozen=True, slots=True)
class LargeFileSearch:
    """The values found in the files that Git LFS keeps, by the ids of the objects that point at them.

    `doubts` says by object, and the member behind it, why one was not searched.
    """

    hits: tuple[ObjectHit, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
