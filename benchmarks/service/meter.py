"""Who used the cores meanwhile: those who are measured, and everybody else on the machine."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# More than this share of the cores in other hands, and a round says more about them.
MOST_OTHERS = 0.10


@dataclass(slots=True)
class Usage:
    """CPU seconds of a span by who used them; `others` holds all that is none of ours, stolen time too."""

    seconds: float = 0.0
    cores: int = 0
    by: dict[str, float] = field(default_factory=dict)

    def share(self, who: str) -> float:
        """The part of all cores that one of them used."""
        return self.by[who] / (self.seconds * self.cores)

    @property
    def disturbed(self) -> bool:
        """Whether others used so much that the span is no measurement."""
        return self.share("others") > MOST_OTHERS


class Meter:
    """Watches processes by name, and PostgreSQL by its data directory."""

    def __init__(self, pgdata: Path, **pids: int) -> None:
        self._pgdata = pgdata.resolve()
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}

    @contextmanager
    def span(self) -> Iterator[Usage]:
        """The usage of what happens inside, filled when it ends."""
        usage = Usage(cores=os.cpu_count() or 1)
        began, busy, before = time.monotonic(), _busy(), self._read()
        yield usage
        after = self._read()
        usage.seconds = time.monotonic() - began
        usage.by = {name: max(0.0, value - before.get(name, 0.0)) for name, value in after.items()}
        usage.by["others"] = max(0.0, _busy() - busy - sum(usage.by.values()))

    def _read(self) -> dict[str, float]:
        mine = os.times()
        used = {name: _cpu_s(process) for name, process in self._processes.items()}
        used["generator"] = mine.children_user + mine.children_system
        used["benchmark"] = mine.user + mine.system
        used["postgres"] = sum(_cpu_s(process, with_ended=True) for process in self._postgres())
        return used

    def _postgres(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(self._pgdata):
                    yield process
            except psutil.Error:
                continue


def _cpu_s(process: psutil.Process, *, with_ended: bool = False) -> float:
    """What it used; `with_ended` its ended children, too: connections and vacuums come and go."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = times.children_user + times.children_system if with_ended else 0.0
    return float(times.user + times.system + ended)


def _busy() -> float:
    """CPU seconds that any process of the machine, or another machine on the same iron, has used so far."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def rss_mb(pid: int) -> float:
    """Memory that the process holds, in MB."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6
