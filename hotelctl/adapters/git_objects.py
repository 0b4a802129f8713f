"""The stream of `git cat-file --batch`, cut into objects, and large objects into windows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hotelctl.core.history import Look, LookAtMany, Seen

_HEADER = re.compile(rb"([0-9a-f]{40,64}) [a-z]+ ([0-9]+)\n")
_WINDOW_BYTES = 4_000_000
_LONGEST_HEADER = 200


class NotUnderstood(Exception):
    """The stream is not what git promises; the text says where."""


@dataclass(slots=True)
class ObjectStream:
    """A file to write the stream to; `look` gets all objects' windows; those of one share `overlap` bytes.

    What cannot be understood ends the looking, not the writing: git is let come to its end.
    """

    look: LookAtMany
    overlap: int
    count: int = 0
    _pending: bytes = b""
    # Where the next thing begins in what is pending; what is before it was taken.
    _at: int = 0
    _object_id: str = ""
    _trouble: str = ""
    # Of the object's bytes and the line end after them; 0 where a header comes next.
    _left: int = 0
    _windows: list[Seen] = field(default_factory=list)

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        if not self._trouble:
            self._pending = self._pending[self._at :] + data
            self._at = 0
            while self._read_object() if self._left else self._read_header():
                pass
            if self._windows:
                windows, self._windows = self._windows, []
                self.look(self._pending, windows)
        return len(data)

    def finish(self) -> None:
        """The stream has ended. Raises `NotUnderstood` where it is not what git promises, or not whole."""
        if self._trouble:
            raise NotUnderstood(self._trouble)
        if self._at < len(self._pending) or self._left:
            raise NotUnderstood(f"git's answer ends within object {self._object_id or 'number 1'}")

    def _read_object(self) -> bool:
        """Whether it ended; of a large one that did not a window is taken."""
        here = len(self._pending) - self._at
        if here >= self._left:
            self._show(self._left - 1)
            self._at += self._left
            self._left = 0
            return True
        if here > _WINDOW_BYTES + self.overlap:
            self._show(here)
            taken = here - self.overlap
            self._at += taken
            self._left -= taken
        return False

    def _read_header(self) -> bool:
        found = _HEADER.match(self._pending, self._at)
        if found is None:
            return self._no_header()
        self._object_id, self._left = found[1].decode(), int(found[2]) + 1
        self.count += 1
        self._at = found.end()
        return True

    def _no_header(self) -> bool:
        end = self._pending.find(b"\n", self._at, self._at + _LONGEST_HEADER)
        if end >= 0:
            said = self._pending[self._at : end].decode(errors="backslashreplace")
            self._trouble = f"git cannot give {said}"
        elif len(self._pending) - self._at >= _LONGEST_HEADER:
            self._trouble = f"git's answer cannot be read after object {self._object_id or 'none'}"
        return False

    def _show(self, size: int) -> None:
        if size:
            self._windows.append((self._object_id, self._at, self._at + size))


def one_by_one(look: Look) -> LookAtMany:
    """For whoever looks at each object by itself."""

    def look_at_many(data: bytes, windows: Sequence[Seen]) -> None:
        for object_id, start, end in windows:
            look(object_id, data[start:end])

    return look_at_many
