"""All objects of a repository, and the commits that they belong to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hotelctl.adapters.git_borrowed import borrow
from hotelctl.adapters.git_command import Writes
from hotelctl.adapters.git_commits import SHOWN, CommitStream
from hotelctl.adapters.git_objects import NotUnderstood, ObjectStream
from hotelctl.adapters.git_references import GitReferences
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import Borrowed, Ends, Look, Trace

_ALL = ("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
_REACHED = ("rev-list", "--objects", "--no-object-names", "--all", "HEAD")
# Trees, too, and of a merge what it has of its own against each parent; a rename would hide one of two ids.
_LOG = ("log", "--all", "HEAD", "-m", "--reverse", "--raw", "--no-abbrev", "--no-renames", "-z", "-t", SHOWN)
_TAGS = (
    "for-each-ref",
    "--format=%(objectname)%00%(*objectname)%00%(taggername)%00%(taggerdate:unix)%00%(refname:strip=2)",
    "refs/tags",
)
_PROMISED = r"^(extensions\.partialclone|remote\..*\.promisor)$"
_LIMIT_S = 1800


@dataclass(slots=True)
class _Lines:
    """A file to write lines to; those of `wanted` are kept."""

    wanted: Collection[str]
    found: set[str] = field(default_factory=set)
    _left: bytes = b""

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        *lines, self._left = (self._left + data).split(b"\n")
        self.found.update(line for line in map(bytes.decode, lines) if line in self.wanted)
        return len(data)


class GitHistory(GitReferences):
    """Whoever inherits this says where git is to look."""

    def is_partial(self) -> bool:
        """Whether the clone was told that objects are elsewhere and may be missing here."""
        return self._git.run("config", "--get-regexp", _PROMISED).ok

    def each_object(self, look: Look, overlap: int) -> int:
        """How many objects there are; `look` was given the bytes of each. Raises `Unavailable`."""
        stream = ObjectStream(look, overlap)
        self._streamed(stream, _ALL)
        try:
            stream.finish()
        except NotUnderstood as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        self._evidence.record("git", {"operation": "objects", "count": stream.count})
        return stream.count

    def borrow(self, destination: Path, ends: Ends, seen: Collection[str] = ()) -> Borrowed:
        """`destination`, an empty directory, is a repository with this history between two commits more."""
        found = borrow(self._git, destination, ends, seen)
        told = {"commits": found.commits, "names": len(found.tips), "goes_on": found.goes_on}
        self._evidence.record("git", {"operation": "borrow", **told})
        return found

    def traces(self, object_ids: Collection[str]) -> Mapping[str, tuple[Trace, ...]]:
        """Of each object that HEAD, a branch or a tag reaches, the commits in which it came or went."""
        wanted = frozenset(object_ids)
        reached, log = _Lines(wanted), CommitStream(wanted)
        self._streamed(reached, _REACHED)
        self._streamed(log, _LOG)
        log.finish()
        tags = self._tags()
        found = {one: (*log.found.get(one, ()), *tags.get(one, ())) for one in sorted(wanted & reached.found)}
        commits = sum(map(len, found.values()))
        self._evidence.record("git", {"operation": "traces", "objects": len(wanted), "commits": commits})
        return found

    def _streamed(self, output: Writes, words: tuple[str, ...]) -> None:
        try:
            answer = self._git.run_into(output, *words, limit_s=_LIMIT_S)
        except UsageError as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        if not answer.ok or answer.stderr.strip():
            raise Unavailable(f"the history cannot be read: {answer.reason}")

    def _tags(self) -> Mapping[str, tuple[Trace, ...]]:
        found: dict[str, tuple[Trace, ...]] = {}
        try:
            lines = self._ask(*_TAGS).splitlines()
        except UsageError as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        for line in lines:
            tag, commit, author, at, name = line.split("\0")
            when = datetime.fromtimestamp(int(at or 0), UTC)
            found[tag] = (*found.get(tag, ()), Trace(commit or tag, author, when, "", name))
        return found
