"""A command that still runs, so that something can happen to it at a known place."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.chain import decode
from hotelctl.deploy.journal import Kind, Record
from tests.system.site import Ended, Site

_LOOK_S = 0.002
# Where /proc/PID/stat says what a process used, counted from its state.
_USER, _SYSTEM = 11, 12


@dataclass(frozen=True, slots=True)
class Running:
    """`fence` is the number of whoever held the environment before."""

    site: Site
    words: tuple[str, ...]
    fence: int
    process: "subprocess.Popen[str]"

    @classmethod
    def of(cls, site: Site, *words: str) -> "Running":
        """`words` were started."""
        path = site.state / "fence"
        fence = int(path.read_text()) if path.exists() else 0
        return cls(site, words, fence, site.start(*words))

    def reach(self, step: str) -> None:
        """Return as soon as the journal says that this command began `step`."""
        while not any(self._begins(record, step) for record in self._records()):
            assert self.process.poll() is None, str(self.end())
            time.sleep(_LOOK_S)

    def stay(self, step: str, seconds: float) -> None:
        """Return after so long, or as soon as the journal says that `step` is done."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not any(
            (record.step, record.kind) == (step, Kind.DONE) and record.fence > self.fence
            for record in self._records()
        ):
            time.sleep(_LOOK_S)

    def work(self, share_s: float) -> float:
        """Return as soon as the command's own process used so many seconds of the processor, or ended.

        How many it used is returned. Unlike the time that passes, they hardly grow when others work, too.
        """
        used_s = 0.0
        while used_s < share_s:
            words = Path("/proc", str(self.process.pid), "stat").read_bytes().rpartition(b")")[2].split()
            used_s = (int(words[_USER]) + int(words[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
            if words[0] == b"Z":
                break
            time.sleep(_LOOK_S)
        return used_s

    def _begins(self, record: Record, step: str) -> bool:
        return (record.step, record.kind) == (step, Kind.INTENT) and record.fence > self.fence

    def _records(self) -> list[Record]:
        journals = sorted(self.site.state.glob("deploys/*/journal.jsonl"))
        # Half a line, as it is written at this moment, is left out by decoding.
        return list(map(Record.from_json, decode(journals[-1].read_bytes()).records)) if journals else []

    def hear(self, word: str) -> None:
        """Return as soon as a line on stderr has `word`."""
        assert self.process.stderr is not None
        assert any(word in line for line in iter(self.process.stderr.readline, ""))

    def send(self, number: signal.Signals) -> None:
        """The command's whole group gets the signal, as from a terminal, unless it ended meanwhile."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def end(self) -> Ended:
        """How it ended."""
        return self.site.end(self.process, *self.words)
