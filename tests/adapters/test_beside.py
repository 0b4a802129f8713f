"""Work beside what serves leaves processor and disk to it, seen from outside."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.instances import LocalInstances
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch, is_scratch
from hotelctl.core.ports import Command
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
_USUAL = os.getpriority(os.PRIO_PROCESS, 0)
_BEHIND = min(19, _USUAL + 10)
_AUTOGROUPS = Path("/proc/self/autogroup")


def _below() -> Iterator[psutil.Process]:
    """Whatever this process started and waits for."""
    yield from psutil.Process().children(recursive=True)


def _words(one: psutil.Process) -> list[str]:
    """Its command line; none of one that has ended meanwhile."""
    try:
        words: list[str] = one.cmdline()
    except psutil.NoSuchProcess:
        return []
    return words


def _seen(marker: str) -> tuple[int, int, str]:
    """Nice value, class of disk access and weight of the session of the program that says `marker`."""
    (found,) = [one for one in _below() if marker in _words(one) and "guard.py" not in str(_words(one))]
    group = Path(f"/proc/{found.pid}/autogroup").read_text() if _AUTOGROUPS.exists() else ""
    return found.nice(), found.ionice().ioclass, group.rpartition(" ")[2].strip()


def _waiting(processes: LocalProcesses, marker: str, *, beside: bool) -> tuple[int, int, str]:
    """How a program stands that waits for its stdin."""
    command = Command(("sh", "-c", "read word; echo $word", marker), beside=beside)
    with processes.begun(command) as begun:
        while not any((words := _words(one))[:1] == ["sh"] and marker in words for one in _below()):
            pass
        found = _seen(marker)
        assert begun.end(b"told\n", 60).stdout == "told\n"
    return found


def test_work_beside_what_serves_stands_behind_and_all_else_does_not(processes: LocalProcesses) -> None:
    nice, disk, group = _waiting(processes, "beside-it", beside=True)
    assert (nice, disk) == (_BEHIND, psutil.IOPRIO_CLASS_IDLE)
    # Between sessions the kernel may look at this one first.
    assert group in {"", str(_BEHIND)}
    nice, disk, _ = _waiting(processes, "before-it", beside=False)
    assert (nice, disk) == (_USUAL, psutil.IOPRIO_CLASS_NONE)


def test_where_it_is_switched_off_nothing_stands_behind(evidence: FakeEvidence) -> None:
    equal = LocalProcesses(evidence, SystemClock(), os.environ, low_priority=False)
    nice, disk, _ = _waiting(equal, "equal-to-it", beside=True)
    assert (nice, disk) == (_USUAL, psutil.IOPRIO_CLASS_NONE)


@pytest.mark.parametrize(("low_priority", "expected"), [(True, _BEHIND), (False, _USUAL)])
def test_an_instance_without_traffic_stands_behind(
    evidence: FakeEvidence, tmp_path: Path, *, low_priority: bool, expected: int
) -> None:
    instances = LocalInstances(evidence, SystemClock(), os.environ, low_priority=low_priority)
    port = instances.free_port()
    argv = ["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with instances.running(argv, {}, tmp_path, f"http://127.0.0.1:{port}/", 60):
        assert _seen(str(port))[0] == expected


@pytest.mark.parametrize(("low_priority", "expected"), [(True, _BEHIND), (False, _USUAL)])
def test_a_throw_away_server_stands_behind(
    databases: PostgresDatabases, tmp_path: Path, *, low_priority: bool, expected: int
) -> None:
    with Scratch(databases, None, tmp_path / "scratch", low_priority=low_priority) as scratch:
        with scratch.apart("nice") as url:
            assert is_scratch(url)
            (pid,) = tmp_path.glob("scratch/*/pgdata/postmaster.pid")
            assert os.getpriority(os.PRIO_PROCESS, int(pid.read_text().split()[0])) == expected
        assert not is_scratch("postgresql://u@/hotelctl")


def test_the_server_of_the_service_does_not(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pgdata")
    server.ensure()
    try:
        pid = int((tmp_path / "pgdata" / "postmaster.pid").read_text().split()[0])
        assert os.getpriority(os.PRIO_PROCESS, pid) == _USUAL
    finally:
        server.stop()
