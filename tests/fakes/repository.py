"""A git repository in memory."""

import fnmatch
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.core.history import Borrowed, Change, Ends, Look, LookAtChange, LookAtMany, Tip, Trace
from hotelctl.core.ports import Files, WorkTree
from hotelctl.core.references import Base, Signature
from hotelctl.core.staged import Staged
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles

COMMIT = "1" * 40


class FakeRepository:
    """`commits` maps a commit to its files; `head` None means that there is no commit yet."""

    def __init__(
        self, root: Path = Path("/project"), content: Mapping[str, bytes | str] | None = None
    ) -> None:
        self.root = root
        self.files: Files = FakeFiles()
        self.evidence = FakeEvidence()
        self.head: str | None = None
        self.commits: dict[str, dict[str, bytes]] = {}
        self.branch: str | None = "main"
        self.tags: dict[str, str] = {}
        self.found_base: Base | None = None
        self.remote = True
        self.written_by: tuple[str, ...] = ("Ada", "ada@example.org")
        self.signatures: dict[str, Signature] = {}
        self.index: dict[str, bytes] = {}
        self.dirty: tuple[str, ...] = ()
        self.hidden: tuple[str, ...] = ()
        self.shallow = False
        self.partial = False
        self.broken = ""
        self.ends: Ends = (("first", b""), ("last", b""))
        self.untraceable = ""
        self.window_bytes = 1_000_000
        self.shown: list[str] = []
        self.unreached: set[str] = set()
        self.large: dict[str, bytes] = {}
        self.moved_at: datetime | None = None
        self.committed_at = datetime(2026, 3, 1, 11, tzinfo=UTC)
        self.ignore_patterns: tuple[str, ...] = (".env", ".hotelctl/*")
        self.commit(COMMIT, content or {})

    def commit(self, commit: str, content: Mapping[str, bytes | str]) -> None:
        """Make `commit` with these files the head."""
        self.commits[commit] = {
            name: data.encode() if isinstance(data, str) else data for name, data in content.items()
        }
        self.head = commit

    def work_tree(self, *, unborn: bool = False) -> WorkTree:
        """The fields as they are."""
        if self.head is None and not unborn:
            raise UsageError(f"{self.root}: the git repository has no commit", "commit first")
        tags = tuple(sorted(name for name, commit in self.tags.items() if commit == self.head))
        evidence = self.evidence.record("git", {"commit": self.head})
        return WorkTree(
            self.root,
            self.head or "",
            self.branch,
            tags,
            self.dirty,
            self.hidden,
            self.shallow,
            self.committed_at,
            evidence,
            self.moved_at,
        )

    def changed(self) -> tuple[str, ...]:
        """`dirty`."""
        return self.dirty

    def export(self, commit: str, destination: Path) -> None:
        """Write the commit's files through `files`, `$Format:%H$` filled."""
        self.files.make_directory(destination)
        for name, data in self.commits[commit].items():
            self.files.write_durable(destination / name, data.replace(b"$Format:%H$", commit.encode()))
        self.evidence.record("git", {"operation": "export", "commit": commit})

    def tracked(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Names in the head that match one of the patterns, or lie below one of them."""
        names = self.commits.get(self.head or "", {})
        self.evidence.record("git", {"operation": "tracked"})
        return tuple(
            sorted(n for n in names if any(fnmatch.fnmatch(n, p) or n.startswith(f"{p}/") for p in patterns))
        )

    def ignored(self, paths: Sequence[str]) -> Mapping[str, bool]:
        """By `ignore_patterns`; tracked files are never ignored."""
        names = self.commits.get(self.head or "", {})
        self.evidence.record("git", {"operation": "ignored"})
        return {
            p: p not in names and any(fnmatch.fnmatch(p, pattern) for pattern in self.ignore_patterns)
            for p in paths
        }

    def base(self) -> Base | None:
        """`found_base`."""
        self.evidence.record("git", {"operation": "base"})
        return self.found_base

    def has_remote(self) -> bool:
        """`remote`."""
        return self.remote

    def tagged(self) -> Mapping[str, str]:
        """`tags`."""
        self.evidence.record("git", {"operation": "tagged"})
        return self.tags

    def authors(self, commit: str) -> tuple[str, ...]:
        """`written_by`, of a commit that is there."""
        self.evidence.record("git", {"operation": "authors"})
        return self.written_by if commit in self.commits else ()

    def signature(self, tag: str) -> Signature:
        """What a test put into `signatures`."""
        self.evidence.record("git", {"operation": "signature"})
        return self.signatures[tag]

    def is_partial(self) -> bool:
        """As the field says."""
        return self.partial

    def object_stores(self) -> tuple[str, ...]:
        """Each commit is one."""
        return tuple(self.commits)

    def each_object(self, look: LookAtMany, overlap: int, seen: Collection[str] = ()) -> int:
        """The files of all commits, each named by its commit and path; as evidence says."""
        if self.broken:
            raise Unavailable(f"the history cannot be read: {self.broken}")
        count = 0

        def look_at_one(object_id: str, window: bytes) -> None:
            look(b"before " + window + b" after", ((object_id, 7, 7 + len(window)),))

        for commit, files in self.commits.items():
            for path in files if commit not in seen else ():
                self.these_objects(look_at_one, overlap, [f"{commit}:{path}"])
                count += 1
        self.evidence.record("git", {"operation": "objects", "count": count})
        return count

    def these_objects(self, look: Look, overlap: int, object_ids: Collection[str]) -> None:
        """Of these the windows; `shown` has them all."""
        for one in object_ids:
            self.shown.append(one)
            commit, path = one.split(":")
            data = self.commits[commit][path]
            for start in range(0, len(data) or 1, self.window_bytes):
                look(one, data[max(0, start - overlap) : start + self.window_bytes])

    def large_files(self, digests: Collection[str]) -> Mapping[str, str]:
        """Those of `large`."""
        self.evidence.record("git", {"operation": "large files"})
        return {one: str(hash(self.large[one])) for one in digests if one in self.large}

    def each_large_file(self, look: Look, overlap: int, digests: Collection[str]) -> Mapping[str, str]:  # noqa: ARG002 - the port's signature
        """In one window each; `shown` has them all."""
        for one in digests:
            self.shown.append(one)
            look(one, self.large[one])
        return {}

    def present(self, object_ids: Collection[str]) -> frozenset[str]:
        """Those of commits that are there."""
        return frozenset(one for one in object_ids if one.partition(":")[0] in self.commits)

    def tips(self) -> tuple[Tip, ...]:
        """Each commit has a name."""
        if self.broken:
            raise Unavailable(f"the history cannot be read: {self.broken}")
        self.evidence.record("git", {"operation": "tips", "count": len(self.commits)})
        return tuple(Tip(f"refs/heads/{one}", one, "commit", one, "commit") for one in self.commits)

    def borrow(
        self,
        destination: Path,  # noqa: ARG002 - the port's signature
        ends: Ends,
        tips: Sequence[Tip],  # noqa: ARG002 - the port's signature
        seen: Collection[str] = (),
    ) -> Borrowed:
        """All commits; nothing is written."""
        self.ends = ends
        self.evidence.record("git", {"operation": "borrow", "commits": len(self.commits)})
        goes_on = bool(seen) and self.commits.keys() >= set(seen)
        return Borrowed(frozenset(self.commits), len(self.commits), goes_on, {})

    def each_change(self, borrowed: Path, look: LookAtChange, *, goes_on: bool = False) -> int:  # noqa: ARG002 - the port's signature
        """The files of all commits, between the two that are planted."""
        if self.broken:
            raise Unavailable(f"the history cannot be read: {self.broken}")
        first, last = ({name: content} for name, content in self.ends)
        every = {"0" * 40: first, **self.commits, "f" * 40: last}
        for commit, files in every.items():
            added = tuple(
                (path, 1, b"+" + data.rstrip(b"\n").replace(b"\n", b"\n+") + b"\n")
                for path, data in files.items()
            )
            look(Change(commit, "Ada", self.committed_at, b"Message", added))
        self.evidence.record("git", {"operation": "changes", "commits": len(every), "goes_on": goes_on})
        return len(every)

    def require_whole(self, borrowed: Path) -> None:  # noqa: ARG002 - the port's signature
        """It is."""
        self.evidence.record("git", {"operation": "objects are there"})

    def files_at(
        self,
        borrowed: Path,  # noqa: ARG002 - the port's signature
        places: Sequence[tuple[str, str]],
    ) -> Mapping[tuple[str, str], str]:
        """Those of commits."""
        return {
            (commit, path): f"{commit}:{path}"
            for commit, path in places
            if path in self.commits.get(commit, {})
        }

    def names(self) -> Mapping[str, str]:
        """The branch and the tags."""
        here = {f"refs/heads/{self.branch}": self.head or ""} if self.branch else {}
        return here | {f"refs/tags/{name}": commit for name, commit in self.tags.items()}

    def traces(
        self, object_ids: Collection[str], seen: Collection[str] = ()
    ) -> Mapping[str, tuple[Trace, ...]]:
        """The one commit of each, unless no branch reaches it; none is new."""
        if self.untraceable:
            raise Unavailable(f"the history cannot be read: {self.untraceable}")
        self.evidence.record("git", {"operation": "traces", "objects": len(object_ids)})
        if seen:
            return {}
        parted = {one: one.split(":") for one in object_ids}
        return {
            one: (Trace(commit, "Ada", self.committed_at, path),)
            for one, (commit, path) in parted.items()
            if commit not in self.unreached
        }

    def staged(self, largest_bytes: int) -> Staged:
        """`index` as it is, but for what is too large."""
        if self.broken:
            raise Unavailable(self.broken)
        left = {name: "is too large" for name, data in self.index.items() if len(data) > largest_bytes}
        return Staged({name: data for name, data in self.index.items() if name not in left}, left)

    def tag(self, name: str, commit: str, message: str) -> None:
        """Keep it; a tag never moves."""
        assert message
        if self.tags.setdefault(name, commit) != commit:
            raise StepFailed(f"the tag {name} exists at another commit", f"git tag -d {name}")
