"""What a program printed, within a limit: the beginning and the end are kept."""

_CUT = "\n[... {left_out} bytes left out ...]\n"
# Half a secret at the cut is not recognised any more: the cut moves to a line's border, or by this much.
_BORDER = 512


class Capture:
    """Takes any number of bytes and holds about `limit` of them."""

    def __init__(self, limit: int) -> None:
        """Hold half of `limit` from the beginning and half from the end."""
        self._half = limit // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._total = 0

    @property
    def truncated(self) -> bool:
        """Whether something was left out."""
        return self._total > 2 * self._half

    def add(self, part: bytes) -> None:
        """Take `part` in."""
        self._total += len(part)
        room = self._half - len(self._head)
        self._head += part[:room]
        self._tail += part[room:]
        # Trimmed seldom: moving the buffer for each part would cost more than the memory.
        if len(self._tail) > 4 * self._half + 65_536:
            del self._tail[: len(self._tail) - self._half]

    def text(self) -> str:
        """All of it, or both ends around a line that says how much is missing."""
        if not self.truncated:
            return (self._head + self._tail).decode(errors="replace")
        head, tail = bytes(self._head), bytes(self._tail[-self._half :])
        head = head[: head.rfind(b"\n") + 1] or head[:-_BORDER]
        tail = tail[tail.find(b"\n") + 1 :] if b"\n" in tail else tail[_BORDER:]
        left_out = self._total - len(head) - len(tail)
        return head.decode(errors="replace") + _CUT.format(left_out=left_out) + tail.decode(errors="replace")
