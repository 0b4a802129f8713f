"""Real processes that hold memory of a known size, and children that do."""

import subprocess
import sys
import time
from collections.abc import Callable

import psutil

from hotelctl.adapters.memory import ENDED, NOT_FOUND, Watch, watched

HELD = 60_000_000
QUICK_S = 0.02
# The first argument is how many more there are below it, the second this text.
HOLDER = f"""
import subprocess, sys
held = bytearray(b"x") * {HELD}
below = int(sys.argv[1])
if below:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[2], str(below - 1), sys.argv[2]], stdout=1)
print("held", flush=True)
sys.stdin.read()
"""


def _holding(processes: int) -> "subprocess.Popen[str]":
    """The first of so many processes, each the child of the one before, once all of them hold theirs."""
    argv = (sys.executable, "-c", HOLDER, str(processes - 1), HOLDER)
    first = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    for _ in range(processes):
        assert first.stdout.readline() == "held\n"
    return first


def _end(first: "subprocess.Popen[str]") -> None:
    first.kill()
    assert first.stdout is not None
    # It is closed by the last of them, which ends when nobody is left to write to it.
    first.communicate()


def _seen(pid: int | None, while_: Callable[[], object]) -> Watch:
    with watched(pid, QUICK_S) as watch:
        while_()
    return watch


def test_the_process_and_all_below_it_count() -> None:
    first = _holding(3)
    try:
        watch = _seen(first.pid, lambda: time.sleep(QUICK_S * 5))
    finally:
        _end(first)
    assert watch.trouble == ""
    assert min(held for _, held in watch.samples) >= 3 * HELD
    times = [at for at, _ in watch.samples]
    assert times == sorted(times)


def test_one_at_least_is_taken_before_and_one_after() -> None:
    began = time.monotonic()
    watch = _seen(psutil.Process().pid, lambda: time.sleep(QUICK_S))
    assert len(watch.samples) >= 2
    assert watch.samples[0][0] >= began


def test_a_process_that_ends_is_no_process_that_holds_nothing() -> None:
    first = _holding(1)

    def kill() -> None:
        first.kill()
        # It stays one for as long as nobody has waited for it.
        while psutil.Process(first.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(QUICK_S)

    watch = _seen(first.pid, kill)
    _end(first)
    assert watch.trouble == ENDED
    assert _seen(first.pid, lambda: None).trouble == ENDED


def test_without_a_process_there_is_nothing_to_see() -> None:
    watch = _seen(None, lambda: None)
    assert (watch.samples, watch.trouble) == ([], NOT_FOUND)
