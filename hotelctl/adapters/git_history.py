"""All objects of a repository, and the commits that they belong to."""

from datetime import datetime

from hotelctl.adapters.git_objects import NotUnderstood, ObjectStream
from hotelctl.adapters.git_references import GitReferences
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import Look, Trace

_ALL = ("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
# A commit begins with this sign, which no path and no name holds.
_SHOWN = "--format=%x1e%H%x00%an%x00%aI%x00"

_PROMISED = r"^(extensions\.partialclone|remote\..*\.promisor)$"
_TAGS = "--format=%(objectname)%00%(*objectname)%00%(taggername)%00%(taggerdate:iso-strict)%00%(refname)"


class GitHistory(GitReferences):
    """Whoever inherits this says where git is to look."""

    def is_partial(self) -> bool:
        """Whether the clone was told that objects are elsewhere and may be missing here."""
        return self._git.run("config", "--get-regexp", _PROMISED).ok

    def each_object(self, look: Look, overlap: int) -> int:
        """How many objects there are; `look` was given the bytes of each. Raises `Unavailable`."""
        stream = ObjectStream(look, overlap)
        try:
            answer = self._git.run_into(stream, *_ALL)
            if not answer.ok or answer.stderr.strip():
                raise Unavailable(f"the history cannot be read: {answer.reason}")
            stream.finish()
        except (NotUnderstood, UsageError) as error:
            raise Unavailable(f"the history cannot be read: {error}") from error
        self._evidence.record("git", {"operation": "objects", "count": stream.count})
        return stream.count

    def traces(self, object_id: str) -> tuple[Trace, ...]:
        """Commits of any branch or tag in which it came or went, oldest first; none for what none reaches."""
        kind = self._ask("cat-file", "-t", object_id).strip()
        found = {"commit": self._of_commit, "tag": self._of_tag}.get(kind, self._of_content)(object_id)
        self._evidence.record("git", {"operation": "traces", "object": object_id, "commits": len(found)})
        return found

    def _of_content(self, object_id: str) -> tuple[Trace, ...]:
        words = ("log", "--all", "-m", "--reverse", "--raw", "--no-abbrev", "-z", "-t")
        text = self._ask(*words, f"--find-object={object_id}", _SHOWN)
        return tuple(_trace(part, object_id) for part in text.split("\x1e")[1:])

    def _of_commit(self, object_id: str) -> tuple[Trace, ...]:
        if not self._ask("for-each-ref", "--count=1", "--contains", object_id).strip():
            return ()
        text = self._ask("log", "--no-walk", _SHOWN, object_id, "--")
        return tuple(_trace(part, object_id) for part in text.split("\x1e")[1:])

    def _of_tag(self, object_id: str) -> tuple[Trace, ...]:
        rows = (line.split("\0") for line in self._ask("for-each-ref", _TAGS, "refs/tags").splitlines())
        return tuple(
            Trace(commit, author, datetime.fromisoformat(at), name)
            for found, commit, author, at, name in rows
            if found == object_id
        )


def _trace(text: str, object_id: str) -> Trace:
    commit, author, at, changes = text.split("\0", 3)
    parts = changes.strip("\n\0").split("\0")
    pairs = zip(parts[::2], parts[1::2], strict=False)
    path = next((path for change, path in pairs if object_id in change), "")
    return Trace(commit, author, datetime.fromisoformat(at.strip()), path)
