"""One run of a command: seconds, processor time of all it started, and the memory that it takes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LOOKS_S = 0.02
_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
# Of the fields behind the name of a process, counted from its state.
_USER, _SYSTEM, _BEGAN = 11, 12, 19


@dataclass(frozen=True, slots=True)
class Run:
    """Wall and processor seconds; peak of memory in MB: of the command itself, and of all its processes.

    The latter counts what no file backs, so that a pack that several of them map is none of it.
    """

    wall_s: float
    cpu_s: float
    own_mb: float
    all_mb: float


@dataclass(slots=True)
class _Watch:
    """What was seen of a process and all below it; of each the processor time that it had last.

    The kernel adds up only what somebody waited for, and hotelctl's guard leaves its program's number taken.
    """

    pid: int
    own_mb: float = 0.0
    all_mb: float = 0.0
    seconds: dict[tuple[int, str], float] = field(default_factory=dict)

    def look(self) -> None:
        """Once."""
        every = [self.pid, *_below(self.pid)]
        self.own_mb = max(self.own_mb, _memory(self.pid)["VmHWM"])
        self.all_mb = max(self.all_mb, sum(_memory(pid)["RssAnon"] for pid in every))
        for pid in every:
            if fields := _stat(pid):
                used = (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS
                self.seconds[pid, fields[_BEGAN]] = used


def run(argv: Sequence[str], cwd: Path, ends: Sequence[int] = (0,)) -> Run:
    """It ran to its end, its output thrown away; one that ends otherwise ends the benchmark."""
    began = time.monotonic()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(argv, cwd=cwd, stdin=quiet, stdout=quiet, stderr=quiet)
    watch = _Watch(process.pid)
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        watch.look()
        time.sleep(_LOOKS_S)
    watch.look()
    wall_s = time.monotonic() - began
    if process.wait() not in ends:
        sys.exit(f"{' '.join(argv)} ended with {process.returncode}")
    return Run(wall_s, sum(watch.seconds.values()), watch.own_mb, watch.all_mb)


def _stat(pid: int) -> list[str]:
    """The fields behind the name; none of a process that was collected."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _below(pid: int) -> Iterator[int]:
    """All processes that it started, and those that they did."""
    try:
        tasks = (_PROC / str(pid) / "task").iterdir()
        words = " ".join((task / "children").read_text() for task in tasks)
    except OSError:
        return
    for child in map(int, words.split()):
        yield child
        yield from _below(child)


def _memory(pid: int) -> dict[str, float]:
    """In MB; nothing of a process that has ended."""
    found = {"VmHWM": 0.0, "RssAnon": 0.0}
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return found
    for line in lines:
        name, _, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) / 1000
    return found
