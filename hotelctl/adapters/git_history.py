"""All objects of a repository, and the commits that they belong to."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from hotelctl.adapters.git_borrowed import borrow, files_at, require_whole, tips
from hotelctl.adapters.git_command import Answer, GitCommand, Writes
from hotelctl.adapters.git_commits import SHOWN, CommitStream
from hotelctl.adapters.git_large_files import LargeFiles
from hotelctl.adapters.git_objects import NotUnderstood, ObjectStream, one_by_one
from hotelctl.adapters.git_references import GitReferences
from hotelctl.adapters.git_stores import Store, stores
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import SEEN, Borrowed, Ends, Look, LookAtChange, LookAtMany, Tip, Trace
from hotelctl.core.lazily import lazily

if TYPE_CHECKING:
    from hotelctl.adapters import git_large_blobs, git_patches
else:
    # Only a search for secrets asks for all changes.
    git_large_blobs, git_patches = (
        lazily("hotelctl.adapters.git_large_blobs"),
        lazily("hotelctl.adapters.git_patches"),
    )

_ALL = ("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
_THESE = ("cat-file", "--batch", "--buffer")
_REACHED = ("rev-list", "--objects", "--no-object-names", "--all", "HEAD")
# Trees, too, and of a merge what it has of its own against each parent; a rename would hide one of two ids.
_LOG = ("log", "--all", "HEAD", "-m", "--reverse", "--raw", "--no-abbrev", "--no-renames", "-z", "-t", SHOWN)
_TAGS = (
    "for-each-ref",
    "--format=%(objectname)%00%(*objectname)%00%(taggername)%00%(taggerdate:unix)%00%(refname:strip=2)",
    "refs/tags",
)
# What a repository that borrows shows besides the merges of three, in whose place others stand.
_BORROWED = ("--all", "--max-parents=2")
_NEW = ("--not", f"--glob={SEEN}")
_WHO_HAS = ("log", "--all", "HEAD", "-m", "--no-renames", "--format=%h", "--name-only")
_ID = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_MENDED = "git fsck --full names all that are, and a whole clone still has them"
# Too many files moved in one commit for git to compare each with each: it shows them as new ones.
_NEW_ONES = re.compile(
    r"^warning: (?:exhaustive rename detection was skipped due to too many files"
    r"|you may want to set your diff\.renameLimit variable to at least \d+ and retry the command)\.$",
    re.MULTILINE,
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


class _Nothing:
    """A file to write to; nothing is kept."""

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        return len(data)


class GitHistory(GitReferences):
    """Whoever inherits this says where git is to look."""

    def is_partial(self) -> bool:
        """Whether the clone was told that objects are elsewhere and may be missing here."""
        return self._is_partial

    @cached_property
    def _is_partial(self) -> bool:
        return self._git.run("config", "--get-regexp", _PROMISED).ok

    def object_stores(self) -> tuple[str, ...]:
        """Names of what the objects are kept in; empty where it cannot be told."""
        return tuple(sorted(self._stores()))

    def each_object(self, look: LookAtMany, overlap: int, seen: Collection[str] = ()) -> int:
        """How many objects are outside the stores `seen`; `look` was given each. Raises `Unavailable`."""
        kept = self._stores()
        new = [store for name, store in kept.items() if name not in seen]
        asked = None if len(new) == len(kept) else self._ids(new)
        count = self._shown(look, overlap, _ALL if asked is None else _THESE, asked or ())
        self._evidence.record(
            "git", {"operation": "objects", "count": count, "stores_seen": len(kept) - len(new)}
        )
        return count

    def these_objects(self, look: Look, overlap: int, object_ids: Collection[str]) -> None:
        """`look` was given each of them, which must be there. Raises `Unavailable`."""
        if object_ids:
            count = self._shown(one_by_one(look), overlap, _THESE, object_ids)
            self._evidence.record("git", {"operation": "these objects", "count": count})

    def large_files(self, digests: Collection[str]) -> Mapping[str, str]:
        """Those of the files with these sha256 that Git LFS keeps here, and the state of each."""
        if not digests:
            return {}
        found = self._large.states(digests)
        self._evidence.record("git", {"operation": "large files", "asked": len(digests), "here": len(found)})
        return found

    def each_large_file(self, look: Look, overlap: int, digests: Collection[str]) -> Mapping[str, str]:
        """`look` was given the bytes of each of these; returned is why not, or not as they should be."""
        failed = self._large.show(look, overlap, digests)
        told = {"operation": "each large file", "count": len(digests), "failed": len(failed)}
        self._evidence.record("git", told)
        return failed

    @cached_property
    def _large(self) -> LargeFiles:
        """All work trees share them; the repository may say that they lie elsewhere."""
        common = self._git.directory / self._ask("rev-parse", "--git-common-dir").removesuffix("\n")
        elsewhere = self._git.run("config", "--get", "lfs.storage")
        storage = elsewhere.stdout.removesuffix("\n") if elsewhere.ok else ""
        return LargeFiles(common / (storage or "lfs") / "objects")

    def present(self, object_ids: Collection[str]) -> frozenset[str]:
        """Those of them that are still there. Raises `Unavailable`."""
        lines = _Lines(frozenset(object_ids))
        self._streamed(lines, ("cat-file", "--batch-check=%(objectname)"), object_ids)
        return frozenset(lines.found)

    def _shown(self, look: LookAtMany, overlap: int, words: tuple[str, ...], asked: Collection[str]) -> int:
        stream = ObjectStream(look, overlap)
        self._streamed(stream, words, asked)
        try:
            stream.finish()
        except NotUnderstood as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        return stream.count

    def _stores(self) -> Mapping[str, Store]:
        try:
            return stores(self._objects)
        except (OSError, UsageError):
            return {}

    @cached_property
    def _objects(self) -> Path:
        """The directory of them; it stays where it is as long as the repository does."""
        return self._git.directory / self._ask("rev-parse", "--git-path", "objects").removesuffix("\n")

    def _ids(self, new: Sequence[Store]) -> list[str] | None:
        """Of all objects in them; None where one went away."""
        found: list[str] = []
        for store in new:
            found += store.loose
            if store.index is not None:
                try:
                    told = self._git.run("show-index", stdin=store.index.read_bytes())
                except (OSError, UsageError):
                    return None
                if not told.ok:
                    return None
                found += [line.split()[1] for line in told.stdout.splitlines()]
        return found

    def tips(self) -> tuple[Tip, ...]:
        """What each name points at, what is checked out, and what was put aside. Raises `Unavailable`."""
        found = tips(self._git)
        self._evidence.record("git", {"operation": "tips", "count": len(found)})
        return found

    def borrow(
        self, destination: Path, ends: Ends, tips: Sequence[Tip], seen: Collection[str] = ()
    ) -> Borrowed:
        """`destination`, an empty directory, holds the history below `tips`, and two commits more."""
        found = borrow(self._git, destination, ends, tips, seen)
        told = {"commits": found.commits, "names": len(tips), "goes_on": found.goes_on}
        self._evidence.record("git", {"operation": "borrow", **told})
        return found

    def each_change(self, borrowed: Path, look: LookAtChange, *, goes_on: bool = False) -> int:
        """How many commits there are; `look` was given what each added. Raises `Unavailable`."""
        git = self._git.at_new(borrowed)
        which = (*_BORROWED, *(_NEW if goes_on else ()))
        large = self._told_apart(
            git, (*git_large_blobs.left_out(), *which) if goes_on else git_large_blobs.SIZES
        )
        stream = git_patches.PatchStream(git_large_blobs.without_large(look, large) if large else look)
        counted = BytesIO()
        self._streamed(counted, ("rev-list", "--count", *which), git=git)
        self._streamed(stream, (*git_patches.WORDS, *which), git=git.with_replacements())
        stream.finish()
        told = counted.getvalue().decode().strip()
        if stream.trouble or told != str(stream.commits):
            why = stream.trouble or f"git shows {stream.commits} of {told} commits"
            raise Unavailable(f"the history cannot be read: {why}")
        self._evidence.record("git", {"operation": "changes", "commits": stream.commits, "goes_on": goes_on})
        return stream.commits

    def _told_apart(self, git: GitCommand, words: tuple[str, ...]) -> Mapping[bytes, str]:
        """The large files that these words name in a repository that borrows, by what it shows instead."""
        large = git_large_blobs.LargeBlobs()
        self._streamed(large, words, git=git)
        try:
            return {git_large_blobs.stand_in(git, one): one for one in large.found}
        except UsageError as error:
            raise Unavailable(f"the history cannot be read: {error}") from error

    def require_whole(self, borrowed: Path) -> None:
        """All objects of the history in a repository that borrows can be read. Raises `Unavailable`."""
        require_whole(self._git.elsewhere(borrowed))
        # That one is there does not say that it can be read.
        self._streamed(_Nothing(), _ALL)
        self._evidence.record("git", {"operation": "objects are there"})

    def files_at(self, borrowed: Path, places: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The ids of those that git can name, in a repository that borrows. Raises `Unavailable`."""
        found = files_at(self._git.elsewhere(borrowed), places)
        self._evidence.record("git", {"operation": "files at", "asked": len(places), "found": len(found)})
        return found

    def names(self) -> Mapping[str, str]:
        """Every branch, tag and other name in full, and the object it points at. Raises `Unavailable`."""
        try:
            lines = self._ask("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        except UsageError as error:
            raise Unavailable(f"the names of the repository cannot be read: {error}") from error
        self._evidence.record("git", {"operation": "names", "count": len(lines)})
        pairs = (line.rpartition(" ") for line in lines)
        return {name: object_id for name, _, object_id in pairs}

    def traces(
        self, object_ids: Collection[str], seen: Collection[str] = ()
    ) -> Mapping[str, tuple[Trace, ...]]:
        """Of each object that HEAD, a branch or a tag reaches, the commits in which it came or went.

        With `seen` only of those in which commits have a part that `seen` do not lead to, and of these
        commits alone.
        """
        wanted = frozenset(object_ids)
        reached, log = _Lines(wanted), CommitStream(wanted)
        if seen:
            self._streamed(log, (*_LOG, "--stdin"), [f"^{one}" for one in seen])
            log.finish()
            told = {"operation": "new traces", "objects": len(wanted), "found": len(log.found)}
            self._evidence.record("git", told)
            return {one: tuple(found) for one, found in log.found.items()}
        self._streamed(reached, _REACHED)
        self._streamed(log, _LOG)
        log.finish()
        tags = self._tags()
        found = {one: (*log.found.get(one, ()), *tags.get(one, ())) for one in sorted(wanted & reached.found)}
        commits = sum(map(len, found.values()))
        self._evidence.record("git", {"operation": "traces", "objects": len(wanted), "commits": commits})
        return found

    def _streamed(
        self,
        output: Writes,
        words: tuple[str, ...],
        asked: Iterable[str] = (),
        git: GitCommand | None = None,
    ) -> None:
        given = "".join(f"{one}\n" for one in asked).encode()
        try:
            answer = (git or self._git).run_into(output, *words, stdin=given, limit_s=_LIMIT_S)
        except UsageError as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        if not answer.ok or _NEW_ONES.sub("", answer.stderr).strip():
            raise Unavailable(f"the history cannot be read: {self._why(answer)}")

    def _why(self, answer: Answer) -> str:
        """With the object that git could not read, and where it stands, if it names one."""
        named = _ID.search(answer.stderr)
        if named is None:
            return answer.reason
        told = self._git.run(*_WHO_HAS, f"--find-object={named[0]}", "--")
        lines = told.stdout.split("\n") if told.ok else []
        # The oldest comes last: the commit, an empty line, the path.
        place = [line for line in lines if line][-2:]
        where = f" ({place[1]}, commit {place[0]})" if len(place) == len(("commit", "path")) else ""
        return f"object {named[0][:12]}{where} is damaged, so what it holds is unknown; {_MENDED}"

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
