"""The index of a repository: what the next commit would change."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from hotelctl.adapters.git_command import GitCommand
from hotelctl.adapters.git_history import GitHistory
from hotelctl.adapters.git_objects import NotUnderstood, ObjectStream, one_by_one
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.staged import Staged

# Set by `git commit` for its hooks: the commit of a part of the index has one of its own.
_VARIABLE = "GIT_INDEX_FILE"
_CHANGED = (
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--diff-filter=d",
    "--ignore-submodules=all",
)
_EMPTY_TREE = ("hash-object", "-t", "tree", "--stdin")
# A link's target is text of the repository like any other.
_FILE_MODES = {"100644", "100755", "120000"}
_MOST_BYTES = 1_000_000_000
_UNMERGED = "U"


class GitIndex(GitHistory):
    """Whoever inherits this says where git is to look, and in which environment it was called."""

    _environ: Mapping[str, str]

    def staged(self, largest_bytes: int) -> Staged:
        """Files that differ from HEAD and stay; before the first commit all. Raises `Unavailable`."""
        try:
            git = self._with_the_hooks_index()
            before = _asked(git, *_EMPTY_TREE).strip() if self._is_unborn() else "HEAD"
            ids = _ids(_asked(git, *_CHANGED, before, "--"))
            sizes = dict(_sizes(_asked(git, "cat-file", "--batch-check", stdin=_lines(ids.values()))))
        except UsageError as error:
            raise Unavailable(f"what is staged cannot be read: {error.message}") from error
        if lost := sorted(path for path, one in ids.items() if one not in sizes):
            raise Unavailable(f"what is staged cannot be read: git has no object for {lost[0]}")
        small = {path: one for path, one in ids.items() if sizes[one] <= largest_bytes}
        left = dict.fromkeys(ids.keys() - small.keys(), f"is above {largest_bytes / 1000000.0:.0f} MB")
        if (total := sum(sizes[one] for one in set(small.values()))) > _MOST_BYTES:
            raise Unavailable(f"what is staged cannot be read: it is {total / 1e9:.1f} GB")
        held = self._contents(git, small)
        self._evidence.record(
            "git", {"operation": "staged", "files": len(ids)}, "".join(f"{path}\n" for path in ids) or None
        )
        return Staged({path: held.get(one, b"") for path, one in small.items()}, left)

    def _contents(self, git: GitCommand, ids: Mapping[str, str]) -> Mapping[str, bytes]:
        held: defaultdict[str, bytearray] = defaultdict(bytearray)
        stream = ObjectStream(one_by_one(lambda one, window: held[one].extend(window)), overlap=0)
        words = ("cat-file", "--batch", "--buffer")
        answer = git.run_into(stream, *words, stdin=_lines(ids.values()))
        try:
            stream.finish()
        except NotUnderstood as error:
            raise Unavailable(f"what is staged cannot be read: {error}") from error
        if not answer.ok:
            raise Unavailable(f"what is staged cannot be read: {answer.reason}")
        return {one: bytes(held.pop(one)) for one in tuple(held)}

    def _is_unborn(self) -> bool:
        """Whether the first commit is still to come; a damaged HEAD is another matter."""
        if self._git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").ok:
            return False
        return "does not have any commits yet" in self._git.run("log", "-1").stderr

    def _with_the_hooks_index(self) -> GitCommand:
        """The same git, reading the index that the hook was told of.

        Raises:
            Unavailable: it is none of this repository; nobody knows what the commit would bring.

        """
        told = self._environ.get(_VARIABLE)
        if not told:
            return self._git
        path = Path(os.path.realpath(self._git.directory / told))
        own = Path(self._ask("rev-parse", "--absolute-git-dir").rstrip("\n"))
        if path.parent != Path(os.path.realpath(own)):
            raise Unavailable(
                f"what is staged cannot be read: {_VARIABLE} names {told}, not of this repository"
            )
        return self._git.reading(path)


def _asked(git: GitCommand, *words: str, stdin: bytes = b"") -> str:
    answer = git.run(*words, stdin=stdin)
    if not answer.ok:
        raise Unavailable(f"what is staged cannot be read: {answer.reason}")
    return answer.stdout


def _ids(raw: str) -> dict[str, str]:
    """The object of each file; `:mode mode id id state`, then the path."""
    parts = raw.split("\0")
    heads = (head.removeprefix(":").split() for head in parts[0:-1:2])
    found = list(zip(heads, parts[1::2], strict=True))
    if torn := [path for head, path in found if head[4] == _UNMERGED]:
        raise Unavailable(f"what is staged cannot be read: {torn[0]} is not merged yet")
    ids = {path: head[3] for head, path in found if head[1] in _FILE_MODES}
    if len(ids) < sum(head[1] in _FILE_MODES for head, _ in found):
        raise Unavailable("what is staged cannot be read: two names look alike, as one is no text")
    return ids


def _sizes(lines: str) -> list[tuple[str, int]]:
    shown = (line.split() for line in lines.splitlines())
    return [(words[0], int(words[2])) for words in shown if len(words) == 3]  # noqa: PLR2004 - id, type, size


def _lines(ids: Iterable[str]) -> bytes:
    """Each once, however many files hold it."""
    return "".join(f"{one}\n" for one in dict.fromkeys(ids)).encode()
