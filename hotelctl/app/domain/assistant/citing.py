"""Text from a model as it comes: first the numbers of the entries it rests on, then whole sentences."""

import re

_HEAD = re.compile(r"\s*(?:\[\s*\d+(?:\s*,\s*\d+)*\s*\]\s*)+")
_MAYBE_HEAD = re.compile(r"\s*(?:\[[\d\s,]*\]?\s*)*$")
_ANY_MARK = re.compile(r"\s?\[\s*\d+(?:\s*,\s*\d+)*\s*\]")
_SENTENCE = re.compile(r".*?[.!?…](?=\s)\s+|.*?\n+", re.DOTALL)


class CitedText:
    """Cuts a stream into citations and sentences; text without any citation in front is never given out.

    `numbers` counts entries from 1; a number that names none of `count` entries is no citation.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._buffer = ""
        self.numbers: tuple[int, ...] = ()
        self._has_head = False

    def feed(self, delta: str) -> list[str]:
        """The sentences that are complete now."""
        self._buffer += delta
        if not self._has_head and not self._read_head():
            return []
        found: list[str] = []
        while self.numbers and (sentence := _SENTENCE.match(self._buffer)):
            found.append(_ANY_MARK.sub("", sentence[0]))
            self._buffer = self._buffer[sentence.end() :]
        return found

    def rest(self) -> str:
        """What is left when the stream has ended."""
        self._take_head()
        left, self._buffer = self._buffer, ""
        return _ANY_MARK.sub("", left) if self.numbers else ""

    def _read_head(self) -> bool:
        if _MAYBE_HEAD.match(self._buffer):
            return False
        self._take_head()
        return True

    def _take_head(self) -> None:
        if self._has_head:
            return
        self._has_head = True
        head = _HEAD.match(self._buffer)
        if head:
            named = dict.fromkeys(int(number) for number in re.findall(r"\d+", head[0]))
            self.numbers = tuple(number for number in named if 1 <= number <= self._count)
            self._buffer = self._buffer[head.end() :]
