"""The stream of `git log --patch` without context, from which is picked what each commit added."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hotelctl.core.history import Added, Change, LookAtChange

# Each line of a message is given a space, so that at the beginning of a line nothing stands but git's own
# words and the sign of a changed line, and no committed text can be taken for one of the former.
SHOWN = "--format=%x01%H %at %an%n%w(0,1,1)%B"
WORDS = (
    *("log", "--patch", "--unified=0", "--inter-hunk-context=0", "--root", "--text", "--remerge-diff"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short", "--find-renames"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--irreversible-delete", "--encoding=UTF-8"),
    *("--no-notes", "--no-mailmap", "--no-decorate", "--no-show-signature", SHOWN),
)
"""What has a NUL in it is text, too; of a merge is shown what nobody but itself brought."""
_TOKEN = re.compile(
    rb"^(?:\x01([0-9a-f]{40,64}) (-?[0-9]*) ([^\n]*)\n((?:(?: [^\n]*)?\n)*)"
    rb"|\+\+\+ ([^\n]*)\n"
    rb"|@@ -\S+ \+([0-9]+)(?:,([0-9]+))? @@[^\n]*\n(?:-[^\n]*\n)*(?:\\[^\n]*\n)?((?:\+[^\n]*\n)*))",
    re.MULTILINE,
)
_BEGINS = (b"\n@@ ", b"\ndiff --git ", b"\n\x01")
_LONGEST_BEGIN = max(map(len, _BEGINS))
# A hunk that is longer is taken in parts, of which so much of one stands in the next again.
_MOST_BYTES, _OVERLAP_BYTES = 8_000_000, 16_000
_QUOTED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_SIGNS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_NO_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class PatchStream:
    """A file to write the stream to; `look` gets what each commit added, of much in several parts.

    A part has at most `most_bytes` and some pieces more. Two parts of one hunk share `overlap_bytes`, so that
    nothing shorter falls between them. `trouble` says what is not as git promises.
    """

    look: LookAtChange
    most_bytes: int = _MOST_BYTES
    overlap_bytes: int = _OVERLAP_BYTES
    commits: int = 0
    trouble: str = ""
    _pending: bytearray = field(default_factory=bytearray)
    _paths: dict[bytes, str] = field(default_factory=dict)
    _about: tuple[str, str, datetime] = ("", "", _NO_TIME)
    _message: bytes = b""
    _path: str = ""
    _added: list[Added] = field(default_factory=list)
    _added_bytes: int = 0
    _before: tuple[int, bytes] = (0, b"")

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        looked = max(0, len(self._pending) - _LONGEST_BEGIN)
        self._pending += data
        end = max(self._pending.rfind(one, looked) for one in _BEGINS) + 1
        if end:
            self._take(end)
        if len(self._pending) > self.most_bytes:
            self._cut()
        return len(data)

    def finish(self) -> None:
        """The stream has ended."""
        self._take(len(self._pending))
        self._tell()

    def _take(self, end: int) -> None:
        text = bytes(self._pending[:end])
        del self._pending[:end]
        for found in _TOKEN.finditer(text):
            kind = found.lastindex
            if kind == len(_PARTS):
                self._hunk(int(found[6]), found[7], found[8])
            elif kind == _PARTS.index("path") + 1:
                self._path = self._named(found[5])
            else:
                self._begin(found)

    def _begin(self, found: "re.Match[bytes]") -> None:
        self._tell()
        self.commits += 1
        self._about = found[1].decode(), found[3].decode(errors="replace"), _when(found[2])
        self._message = found[4].replace(b"\n ", b"\n")[1:]
        self._path = ""

    def _hunk(self, line: int, count: bytes | None, added: bytes) -> None:
        lines = added.count(b"\n")
        if lines != (1 if count is None else int(count)):
            self.trouble = f"git's answer cannot be read in commit {self._about[0][:12]}"
        if lines:
            self._add(line, added)
        self._before = 0, b""
        if self._added_bytes >= self.most_bytes:
            self._tell()

    def _add(self, line: int, added: bytes) -> None:
        """Behind the end of the part before it, if there is one."""
        first, before = self._before
        if before:
            line, added = first, before + (added if before.endswith(b"\n") else added[1:])
        self._added.append((self._path, line, added))
        self._added_bytes += len(added)

    def _tell(self) -> None:
        """All of a commit by now."""
        if self._added or self._message:
            self.look(Change(*self._about, self._message, tuple(self._added)))
        self._message = b""
        self._added.clear()
        self._added_bytes = 0

    def _cut(self) -> None:
        """What is there of a long hunk is taken; the rest is one of its own."""
        head = self._pending.find(b"\n") + 1
        found = _HEAD.match(self._pending)
        if not found or head == len(self._pending):
            return
        line, left = int(found[1]), 1 if found[2] is None else int(found[2])
        end = self._pending.rfind(b"\n", head) + 1
        sign = self._pending[head : head + 1]
        # Of one long line the rest has its sign, too.
        rest = self._pending[end:] if end else sign + self._pending[len(self._pending) :]
        here = bytes(self._pending[head:end]) if end else bytes(self._pending[head:]) + b"\n"
        added = b"".join(re.findall(rb"^\+[^\n]*\n", here, re.MULTILINE))
        if added:
            self._add(line, added)
            self._tell()
            self._before = self._end(line, added if end else added[:-1])
        whole = added.count(b"\n") if end else 0
        self._pending = bytearray(b"@@ -0 +%d,%d @@\n" % (line + whole, left - whole)) + rest

    def _end(self, line: int, added: bytes) -> tuple[int, bytes]:
        """What the next part begins with, and its line: whole lines, or the end of one that is longer."""
        start = max(0, len(added) - self.overlap_bytes)
        at_line = added.find(b"\n+", start)
        if at_line >= 0:
            start, sign = at_line + 1, b""
        else:
            sign = b"+" if start else b""
        end = added[start:]
        return (line + added.count(b"\n", 0, start), sign + end) if end else (0, b"")

    def _named(self, told: bytes) -> str:
        """The path as it is, without the prefix, and the tab behind one that has a space."""
        if told not in self._paths:
            self._paths[told] = (
                _unquoted(told.removesuffix(b"\t")).removeprefix(b"b/").decode(errors="backslashreplace")
            )
        return self._paths[told]


_PARTS = ("commit", "at", "author", "message", "path", "line", "count", "added")
_HEAD = re.compile(rb"@@ -\S+ \+([0-9]+)(?:,([0-9]+))? @@[^\n]*\n")


def _unquoted(told: bytes) -> bytes:
    if not told.startswith(b'"'):
        return told
    return _QUOTED.sub(lambda hit: _sign(hit[1]), told[1:-1])


def _sign(told: bytes) -> bytes:
    return bytes((int(told, 8),)) if told.isdigit() else _SIGNS.get(told, told)


def _when(told: bytes) -> datetime:
    try:
        return datetime.fromtimestamp(int(told), UTC)
    except (OverflowError, OSError, ValueError):
        return _NO_TIME
