"""The stream of `git log --raw`, from which the commits of some objects are picked."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from hotelctl.core.history import Trace

# Each commit begins with this sign, its id and its tree. A file's name may hold the sign, but not all that.
SHOWN = "--format=%x1e%H%x00%T%x00%an%x00%at%x00%P%x00"
_BEGIN = re.compile(rb"\x1e(?=[0-9a-f]{40,64}\0[0-9a-f]{40,64}\0)")
_LONGEST_BEGIN = 131
_NEW_ID = 3


@dataclass(slots=True)
class CommitStream:
    """A file to write the stream to; `found` has the traces of each of `wanted`, in the stream's order."""

    wanted: Collection[str]
    found: dict[str, list[Trace]] = field(default_factory=dict)
    _pending: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        # Where it ended before, a begin may have been cut in two; a long entry is not looked through again.
        looked = max(1, len(self._pending) - _LONGEST_BEGIN)
        self._pending += data
        begins = [0, *(hit.start() for hit in _BEGIN.finditer(self._pending, looked))]
        for start, end in pairwise(begins):
            self._take(bytes(self._pending[start + 1 : end]))
        del self._pending[: begins[-1]]
        return len(data)

    def finish(self) -> None:
        """The stream has ended."""
        if self._pending:
            self._take(bytes(self._pending[1:]))
            self._pending.clear()

    def _take(self, entry: bytes) -> None:
        commit, tree, author, at, parents, changes = entry.decode(errors="backslashreplace").split("\0", 5)
        when = datetime.fromtimestamp(int(at), UTC) if at.isdigit() else datetime.fromtimestamp(0, UTC)
        for object_id, path, came in ((commit, "", True), (tree, ".", True), *_changed(changes)):
            if object_id in self.wanted:
                trace = Trace(commit, author, when, path, came=came, merged=" " in parents)
                self.found.setdefault(object_id, []).append(trace)


def _changed(changes: str) -> list[tuple[str, str, bool]]:
    """Every object before and after, with its path and whether after: `:mode mode id id letter`, the path."""
    parts = changes.strip("\n\0").split("\0")
    pairs = [(fact.split(), path) for fact, path in zip(parts[::2], parts[1::2], strict=False)]
    return [
        (one, path, one == words[_NEW_ID])
        for words, path in pairs
        if len(words) > _NEW_ID
        for one in dict.fromkeys(words[2:4])
    ]
