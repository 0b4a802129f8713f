"""Deploys that begin at once, a holder that sleeps and one that dies: one proceeds, and the others know who.

Two rounds are always run, twenty by HOTELCTL_AT_ONCE=all.
"""

import fcntl
import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.system.journals import outcome
from tests.system.killing import assert_serves
from tests.system.running import Running
from tests.system.site import Site
from tests.system.tidiness import serving

pytestmark = pytest.mark.system
ROUNDS = 20 if os.environ.get("HOTELCTL_AT_ONCE") == "all" else 2
TOGETHER = 8
# Whoever is killed frees its lock in the moment in which the kernel ends it.
FREE_S = 1.0
_HOLDER = re.compile(r"is locked: deploy .*\(pid (\d+), alive\)")


def one_proceeds(site: Site) -> None:
    """Of eight deploys that begin at once one serves afterwards, and seven name it, or `AssertionError`."""
    former, commit = serving(site), site.change()
    started = [site.start("deploy", "--yes") for _ in range(TOGETHER)]
    ended = {one.pid: site.end(one, "deploy", "--yes") for one in started}
    codes = sorted(one.code for one in ended.values())
    assert codes == [0, *[73] * (TOGETHER - 1)], "\n".join(map(str, ended.values()))
    winner = next(pid for pid, one in ended.items() if one.code == 0)
    named = [_HOLDER.search(one.err) for one in ended.values() if one.code]
    told = "\n".join(one.err[-300:] for one in ended.values())
    assert {int(found[1]) if found else None for found in named} == {winner}, f"{winner} is not in {told}"
    assert_serves(site, site.operations()[-1], commit, former)


def freed_s(site: Site) -> float:
    """Seconds from the kill of a deploy to the moment in which somebody else has its lock."""
    site.change()
    running = Running.of(site, "deploy", "--yes")
    running.reach("test")
    with (site.state / "lock").open() as handle:
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        began = time.monotonic()
        os.kill(running.process.pid, signal.SIGKILL)
        fcntl.flock(handle, fcntl.LOCK_EX)
        free_s = time.monotonic() - began
    running.end()
    site.run("abort").expect(0)
    return free_s


def _stopped_between_records(pid: int, journal: Path) -> None:
    """It sleeps, and not while it writes a record: whoever takes over wants the lock of that file."""
    with journal.open() as handle:
        for _ in range(100):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.05)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.kill(pid, signal.SIGCONT)
                time.sleep(0.02)
            else:
                return
    raise AssertionError("it never was between two records")


def test_of_eight_deploys_at_once_one_proceeds_and_seven_name_it(served: Site) -> None:
    for _ in range(ROUNDS):
        one_proceeds(served)


def test_a_killed_holder_frees_the_lock_within_a_second(served: Site) -> None:
    assert freed_s(served) < FREE_S


def test_a_holder_that_slept_through_a_takeover_changes_nothing(served: Site) -> None:
    served.change()
    running = Running.of(served, "deploy", "--yes")
    running.reach("prove")
    slept = served.operations()[-1]
    _stopped_between_records(running.process.pid, served.state / "deploys" / slept / "journal.jsonl")
    # No lock is ever taken from who lives; on one machine, only who removes its file can take over.
    (served.state / "lock").unlink()
    former, commit = serving(served), served.change()
    served.deploy().expect(0)
    taken = served.operations()[-1]
    assert taken != slept
    os.kill(running.process.pid, signal.SIGCONT)
    late = running.end().expect(73)
    assert "a newer one took over" in late.err
    assert_serves(served, taken, commit, former)
    for name in (slept, taken):
        assert outcome(served.records(name)) == {slept: "stopped", taken: "succeeded"}[name]
    served.run("report", "verify").expect(0)
