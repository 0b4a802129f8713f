"""The stream of `git cat-file --batch`, cut into objects, and large objects into windows."""

import re
from dataclasses import dataclass

from hotelctl.core.history import Look

_HEADER = re.compile(rb"([0-9a-f]{40,64}) ([a-z]+) ([0-9]+)")
_WINDOW_BYTES = 4_000_000
_LONGEST_HEADER = 200


class NotUnderstood(Exception):
    """The stream is not what git promises; the text says where."""


@dataclass(slots=True)
class ObjectStream:
    """A file to write the stream to; `look` gets each object's windows, which share `overlap` bytes.

    What cannot be understood ends the looking, not the writing: git is let come to its end.
    """

    look: Look
    overlap: int
    count: int = 0
    _pending: bytes = b""
    # Where the next thing begins in what is pending; what is before it was taken.
    _at: int = 0
    _object_id: str = ""
    _trouble: str = ""
    # Of the object's bytes and the line end after them; 0 where a header comes next.
    _left: int = 0

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        if not self._trouble:
            self._pending = self._pending[self._at :] + data
            self._at = 0
            while self._read_object() if self._left else self._read_header():
                pass
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
        end = self._pending.find(b"\n", self._at, self._at + _LONGEST_HEADER)
        if end < 0:
            if len(self._pending) - self._at >= _LONGEST_HEADER:
                self._trouble = f"git's answer cannot be read after object {self._object_id or 'none'}"
            return False
        found = _HEADER.fullmatch(self._pending, self._at, end)
        if found is None:
            said = self._pending[self._at : end].decode(errors="backslashreplace")
            self._trouble = f"git cannot give {said}"
            return False
        self._object_id, self._left = found[1].decode(), int(found[3]) + 1
        self.count += 1
        self._at = end + 1
        return True

    def _show(self, size: int) -> None:
        if size:
            self.look(self._object_id, self._pending[self._at : self._at + size])
