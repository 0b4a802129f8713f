"""The stream of `git cat-file --batch`, cut into objects, and large objects into windows."""

import re
from dataclasses import dataclass, field

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
    _pending: bytearray = field(default_factory=bytearray)
    _object_id: str = ""
    _trouble: str = ""
    # Of the object's bytes and the line end after them; 0 where a header comes next.
    _left: int = 0

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        if not self._trouble:
            self._pending += data
            while self._step():
                pass
        return len(data)

    def finish(self) -> None:
        """The stream has ended. Raises `NotUnderstood` where it is not what git promises, or not whole."""
        if self._trouble:
            raise NotUnderstood(self._trouble)
        if self._pending or self._left:
            raise NotUnderstood(f"git's answer ends within object {self._object_id or 'number 1'}")

    def _step(self) -> bool:
        """Whether something was taken from what is pending."""
        if not self._left:
            return self._read_header()
        if len(self._pending) >= self._left:
            self._show(bytes(self._pending[: self._left - 1]))
            del self._pending[: self._left]
            self._left = 0
            return True
        if len(self._pending) > _WINDOW_BYTES + self.overlap:
            self._show(bytes(self._pending))
            taken = len(self._pending) - self.overlap
            del self._pending[:taken]
            self._left -= taken
        return False

    def _read_header(self) -> bool:
        end = self._pending.find(b"\n", 0, _LONGEST_HEADER)
        if end < 0:
            if len(self._pending) >= _LONGEST_HEADER:
                self._trouble = f"git's answer cannot be read after object {self._object_id or 'none'}"
            return False
        found = _HEADER.fullmatch(self._pending[:end])
        if found is None:
            self._trouble = f"git cannot give {self._pending[:end].decode(errors='backslashreplace')}"
            return False
        self._object_id, self._left = found[1].decode(), int(found[3]) + 1
        self.count += 1
        del self._pending[: end + 1]
        return True

    def _show(self, window: bytes) -> None:
        if window:
            self.look(self._object_id, window)
