"""What a repository holds besides the checkout: every object that was ever committed and is still there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

Ends = tuple[tuple[str, bytes], tuple[str, bytes]]
"""Name and content of a file that only the oldest commit holds, and of one that only the newest does."""

SEEN = "refs/seen"

WRITTEN_TO = "the repository was written to while it was searched: run it again when nobody writes"
"""Why nothing is said of a history of which one half is older than the other."""

Look = Callable[[str, bytes], None]
"""Given the id of an object and a window of its bytes: a large one comes in several, which overlap."""

Seen = tuple[str, int, int]
"""The id of an object, and from where to where a window of it stands."""

LookAtMany = Callable[[bytes, Sequence[Seen]], None]
"""Given bytes in which objects stand one after another, and where: too many to be told one by one."""

Added = tuple[str, int, bytes]
"""The path of a file, the line on which what was added begins, and that, each line behind a `+`."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit added, of much a part; `at` is the author's time, `message` empty where it was told.

    `large` are path and object id of files that are too large to be shown.
    """

    commit: str
    author: str
    at: datetime
    message: bytes
    added: tuple[Added, ...]
    large: tuple[tuple[str, str], ...] = ()


LookAtChange = Callable[[Change], None]
"""Given what one commit after another added."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A commit that brought an object under `path`, or took it away from there; `at` is the author's time.

    `path` is empty where the object is no file or directory: `ref` names the tag that it is then, and is
    empty for the commit's own text. `came` is False where the commit took it away, `merged` True for
    a merge.
    """

    commit: str
    author: str
    at: datetime
    path: str
    ref: str = ""
    came: bool = True
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Tip:
    """What a branch, a tag or another name points at; `peeled` is what an annotated tag stands for.

    `name` is empty for what is checked out somewhere, or was put aside.
    """

    name: str
    object_id: str
    kind: str
    peeled: str
    peeled_kind: str


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A history of `commits` commits; `reached` are those, and the tips that it ends in.

    `goes_on` says that the tips of a former history are here, below SEEN. Unless it is `whole`, all that they
    lead to belongs to this one, too, and `commits` and `reached` leave it out. `stand_ins` are commits that
    are none of it, and the object that each shows in its place, as no walk does.
    """

    reached: frozenset[str]
    commits: int
    goes_on: bool
    stand_ins: Mapping[str, str]
    whole: bool = True


class History(Protocol):
    """Every commit, and what it held."""

    def is_partial(self) -> bool:
        """Whether the clone was told that objects are elsewhere and may be missing here."""
        ...

    def object_stores(self) -> tuple[str, ...]:
        """Names of what the objects are kept in, each of which follows from what it holds.

        Empty where that cannot be told.
        """
        ...

    def each_object(self, look: LookAtMany, overlap: int, seen: Collection[str] = ()) -> int:
        """How many objects there are; `look` was given the bytes of all, a window of each at a time.

        Windows of one object share `overlap` bytes, so that nothing shorter falls between two. What only the
        stores `seen` hold is left out; without any, nothing is.

        Raises:
            Unavailable: git could not read all of them.

        """
        ...

    def these_objects(self, look: Look, overlap: int, object_ids: Collection[str]) -> None:
        """`look` was given the bytes of each of these, as of `each_object`.

        Raises:
            Unavailable: git could not read all of them.

        """
        ...

    def large_files(self, digests: Collection[str]) -> Mapping[str, str]:
        """Those of the files with these sha256 that Git LFS keeps here, and the state of each.

        Who changes one gives it another state.
        """
        ...

    def each_large_file(self, look: Look, overlap: int, digests: Collection[str]) -> Mapping[str, str]:
        """`look` was given the bytes of each of these by its sha256, as of `each_object`.

        Returned is, by sha256, why one could not be read, or has other bytes than it should.
        """
        ...

    def present(self, object_ids: Collection[str]) -> frozenset[str]:
        """Those of them that are still there.

        Raises:
            Unavailable: git could not tell.

        """
        ...

    def tips(self) -> tuple[Tip, ...]:
        """What each name points at, what is checked out, and what was put aside: there the history ends.

        Raises:
            Unavailable: git could not tell.

        """
        ...

    def borrow(
        self, destination: Path, ends: Ends, tips: Sequence[Tip], seen: Collection[str] = ()
    ) -> Borrowed:
        """`destination`, an empty directory, holds the history below `tips`, and two commits more.

        It borrows the objects, and has no settings but its own. `seen` are tips of a former history.

        Raises:
            Unavailable: git could not read where the history begins, or is too old.

        """
        ...

    def each_change(self, borrowed: Path, look: LookAtChange, *, goes_on: bool = False) -> int:
        """How many commits a repository that borrows shows; `look` was given what each added.

        Of a merge that is what nobody but itself brought; one of three parents is left out. With `goes_on`
        all is left out that the tips of a former history lead to.

        Raises:
            Unavailable: git could not show all of it.

        """
        ...

    def require_whole(self, borrowed: Path) -> None:
        """Every object is there that the history in a repository which borrows consists of.

        Raises:
            Unavailable: one is not.

        """
        ...

    def files_at(self, borrowed: Path, places: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """By commit and path the ids of the files there that git can name, in a repository that borrows.

        Raises:
            Unavailable: git could not tell.

        """
        ...

    def names(self) -> Mapping[str, str]:
        """Every branch, tag and other name in full, such as `refs/heads/main`, and the object it points at.

        Raises:
            Unavailable: git could not tell.

        """
        ...

    def traces(
        self, object_ids: Collection[str], seen: Collection[str] = ()
    ) -> Mapping[str, tuple[Trace, ...]]:
        """Of each object that HEAD, a branch or a tag reaches, the commits in which it came or went.

        Oldest first; there may be none, as of what only a tag names. With `seen`, commits that must be there,
        only what other commits than those and their past have, and of these commits alone.

        Raises:
            Unavailable: git could not read the whole history.

        """
        ...
