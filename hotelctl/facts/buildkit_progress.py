"""What `docker build --progress=plain` prints while BuildKit builds, read line by line."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(r"#(\d+) (.*)")
_STEP = re.compile(r"\[(?!internal\])[^\]]*\] (.*)")
_PRINTED = re.compile(r"\d+\.\d+ (.*)")
_FAILED = "ERROR: "
_KEPT, _SHOWN, _WIDEST = 12, 3, 160
_FULL = "no space left on device"
_NO_PLUGIN = "buildx component is missing"


@dataclass(slots=True)
class BuildKitProgress:
    """`failed` are the words of the instruction that failed, empty where none is; `last` the last line."""

    failed: str = ""
    last: str = ""
    _names: dict[str, str] = field(default_factory=dict)
    _printed: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=_KEPT)))
    _why: str = ""
    _number: str = ""
    _rest: str = ""

    def read(self, part: bytes) -> Iterator[str]:
        """The lines that this part of its output has for people; half a line waits for its rest."""
        whole, _, self._rest = (self._rest + part.decode(errors="replace")).rpartition("\n")
        for line in whole.splitlines():
            yield from self._line(line)

    def _line(self, line: str) -> Iterator[str]:
        if line.strip():
            self.last = line.strip()
        hit = _LINE.fullmatch(line)
        if hit is None:
            return
        number, text = hit.groups()
        if step := _STEP.fullmatch(text):
            known = number in self._names
            self._names[number] = " ".join(step[1].split())
            if not known:
                yield _cut(self._names[number])
        elif printed := _PRINTED.fullmatch(text):
            if printed[1].strip():
                self._printed[number].append(printed[1].strip())
                yield _cut(printed[1].strip())
        elif text.startswith(_FAILED):
            self._number, self._why = number, text.removeprefix(_FAILED)
            self.failed = self._names.get(number, "")

    @property
    def words(self) -> str:
        """Why it failed, on one line: what the instruction printed last, else what the program says."""
        if printed := self._printed.get(self._number):
            return "; ".join(_cut(line) for line in [*printed][-_SHOWN:])
        return self._why or self.last or "it left no word"

    @property
    def is_full(self) -> bool:
        """Whether it failed for want of room."""
        return _FULL in f"{self._why} {self.words}".lower()

    @property
    def lacks_plugin(self) -> bool:
        """Whether the program cannot speak to BuildKit."""
        return _NO_PLUGIN in self.words or _NO_PLUGIN in self.last


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 4]} ..."
