"""What an engine says while it builds an image, read message by message."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)", re.DOTALL)
_KEPT = 12
_SHOWN = 3
_WIDEST = 160
# What the engine says of its own, which is no news.
_OWN = (" ---> ", "Removing intermediate container ")
_PRINTED = "returned a non-zero code"
_FULL = "no space left on device"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(slots=True)
class BuildProgress:
    """`image` is the id once it is built, `error` the engine's refusal; both empty until then.

    `step` are the words of the instruction at hand as `n/m INSTRUCTION`.
    """

    image: str = ""
    error: str = ""
    step: str = ""
    steps: int = 0
    _last: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def read(self, message: Mapping[str, Any]) -> Iterator[str]:
        """The lines that the message has for people."""
        if said := message.get("error"):
            self.error = " ".join(str(said).split())
        if isinstance(aux := message.get("aux"), Mapping) and aux.get("ID"):
            self.image = str(aux["ID"])
        text = str(message.get("stream") or message.get("status") or "")
        if hit := _STEP.fullmatch(text.strip()):
            self.steps += 1
            # What was built so far is an earlier stage.
            self.image = ""
            self.step = f"{hit[1]}/{hit[2]} {' '.join(hit[3].split())}"
            self._last.clear()
            yield _cut(self.step)
            return
        # What a program draws over and over on one line is read as it stands at last.
        for line in (one.rpartition("\r")[2] for one in _COLOURS.sub("", text).rstrip().split("\n")):
            if line.strip() and not line.startswith(_OWN):
                self._last.append(line.strip())
                yield _cut(line.strip())

    @property
    def is_full(self) -> bool:
        """Whether it failed for want of room."""
        return _FULL in f"{self.error} {' '.join(self._last)}".lower()

    @property
    def where(self) -> str:
        """The instruction at hand, cut for one line."""
        return _cut(self.step)

    @property
    def words(self) -> str:
        """Why it failed, on one line: what a command printed last, else what the engine says."""
        if self._last and _PRINTED in self.error:
            return "; ".join(_cut(line) for line in [*self._last][-_SHOWN:])
        return self.error

    @property
    def tail(self) -> str:
        """More of them, as they stood."""
        return "\n".join(self._last)


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 4]} ..."
