import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.core.errors import ExitCode, Locked, StepFailed, UsageError
from hotelctl.core.holder import Holder
from tests.fakes.clock import FakeClock

_HOLDS = """
import sys, time
from pathlib import Path
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.core.redact import Redactor
state, clock = Path(sys.argv[1]), SystemClock()
lock = HostLock(state, LocalFiles(Unrecorded(Redactor(), clock), state), clock)
print(lock.acquire("deploy", "d1"), flush=True)
lock.at("migrate", "d1")
print("at", flush=True)
time.sleep(3600)
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def lock(state: Path, files: LocalFiles, clock: FakeClock) -> Iterator[HostLock]:
    made = HostLock(state, files, clock)
    yield made
    made.release()


@pytest.fixture
def other(state: Path, files: LocalFiles, clock: FakeClock) -> Iterator[HostLock]:
    made = HostLock(state, files, clock)
    yield made
    made.release()


@pytest.fixture
def process(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock with fence 1 at step `migrate`."""
    command = [sys.executable, "-c", _HOLDS, str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holding:
        try:
            assert holding.stdout is not None
            assert [holding.stdout.readline() for _ in range(2)] == ["1\n", "at\n"]
            yield holding
        finally:
            holding.kill()


def test_fence_numbers_only_grow(lock: HostLock, other: HostLock) -> None:
    fences = []
    for taker in (lock, other, lock):
        fences.append(taker.acquire("deploy", "d"))
        taker.release()
    assert fences == [1, 2, 3]


@pytest.mark.parametrize("data", [b"", b"x", b"\xff", b"-3", b"1.5", b"[]"], ids=str)
def test_a_spoilt_fence_is_refused_with_its_file_and_the_number_that_belongs_there(
    lock: HostLock, other: HostLock, state: Path, data: bytes
) -> None:
    lock.acquire("deploy", "d1")
    lock.release()
    before = {path.name: path.read_bytes() for path in state.iterdir()} | {"fence": data}
    (state / "fence").write_bytes(data)
    with pytest.raises(UsageError, match="/fence: cannot be read: it ") as refused:
        lock.acquire("deploy", "d2")
    assert refused.value.hint == f"echo 1 > {state}/fence, the newest that was given"
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before
    (state / "fence").write_text("1\n")
    assert other.acquire("deploy", "d2") == 2


def test_fences_never_begin_anew_where_one_was_given(lock: HostLock, state: Path) -> None:
    lock.acquire("deploy", "d1")
    lock.release()
    (state / "fence").write_text("0")
    assert lock.acquire("deploy", "d2") == 2
    lock.release()
    (state / "fence").unlink()
    with pytest.raises(UsageError, match="/fence: cannot be read: it is gone"):
        lock.acquire("deploy", "d3")
    (state / "holder.json").unlink()
    (state / "fence").write_text("x")
    with pytest.raises(UsageError) as refused:
        lock.acquire("deploy", "d3")
    assert "higher than each fence in hotelctl logs" in refused.value.hint


def test_the_holder_is_on_record_with_its_step_and_stays_there_as_the_last_one(
    lock: HostLock, clock: FakeClock
) -> None:
    assert lock.holder() == (None, False)
    lock.acquire("deploy", "")
    clock.advance(5)
    lock.at("backup", "d1")
    holder, held = lock.holder()
    assert held
    assert holder is not None
    assert (holder.operation, holder.deploy, holder.step, holder.fence) == ("deploy", "d1", "backup", 1)
    assert (holder.pid, holder.since_utc) == (os.getpid(), "2026-03-01T12:00:00+00:00")
    assert holder.pid_started > 0
    lock.release()
    assert lock.holder() == (holder, False)


def test_who_does_not_hold_it_writes_no_step(lock: HostLock, other: HostLock) -> None:
    lock.acquire("deploy", "d1")
    other.at("switch", "d2")
    holder, _ = other.holder()
    assert holder is not None
    assert (holder.step, holder.deploy) == ("", "d1")


def test_looking_changes_nothing(lock: HostLock, state: Path) -> None:
    lock.holder()
    assert not state.exists()


def test_only_the_owner_can_look_into_the_state(lock: HostLock, state: Path) -> None:
    lock.acquire("deploy", "d1")
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / "lock").stat().st_mode & 0o777 == 0o600


def test_a_second_one_is_refused_with_holder_step_and_age(
    process: subprocess.Popen[str], state: Path, files: LocalFiles
) -> None:
    lock = HostLock(state, files, FakeClock(datetime.now(UTC) + timedelta(seconds=90)))
    holder, held = lock.holder()
    assert held
    assert holder is not None
    with pytest.raises(Locked) as refused:
        lock.acquire("rollback", "r1")
    age = int(refused.value.message.rpartition(" for ")[2].split()[0])
    assert f"deploy d1 by {holder.user}@" in refused.value.message
    assert f"(pid {process.pid}, alive), step migrate, for " in refused.value.message
    assert 90 <= age <= 150
    assert refused.value.exit_code is ExitCode.LOCKED
    assert "lock status" in refused.value.hint
    assert lock.holder() == (holder, True)


def test_who_waits_gets_it_when_the_holder_ends_and_is_told_once_whom_it_waits_for(
    process: subprocess.Popen[str], state: Path, files: LocalFiles
) -> None:
    lock, told = HostLock(state, files, SystemClock()), list[str]()

    def end(who: str) -> None:
        told.append(who)
        process.kill()

    assert lock.acquire("rollback", "r1", wait_s=60, waiting=end) == 2
    lock.release()
    assert [f"pid {process.pid}, alive), step migrate" in who for who in told] == [True]


def test_who_waits_for_a_process_that_nobody_knows_is_told_so(
    process: subprocess.Popen[str], state: Path, files: LocalFiles
) -> None:
    (state / "holder.json").unlink()
    # By the system's clock it would be three seconds until nobody is to be known.
    lock, told = HostLock(state, files, FakeClock()), list[str]()

    def end(who: str) -> None:
        told.append(who)
        process.kill()
        process.wait()

    lock.acquire("rollback", "r1", wait_s=60, waiting=end)
    lock.release()
    assert told == ["an unknown process"]


def _of_one_that_is_gone(state: Path) -> str:
    """The record that the holder before left; the true one is returned."""
    path = state / "holder.json"
    true = path.read_text()
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    path.write_text(json.dumps(json.loads(true) | {"pid": gone.pid, "pid_started": time.time() - 60}))
    return true


def test_who_took_it_just_now_is_named_and_not_the_one_before(
    process: subprocess.Popen[str],
    lock: HostLock,
    state: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    true = _of_one_that_is_gone(state)
    monkeypatch.setattr(clock, "sleep", lambda _seconds: (state / "holder.json").write_text(true))
    with pytest.raises(Locked, match=f"pid {process.pid}, alive"):
        lock.acquire("rollback", "r1")


@pytest.mark.usefixtures("process")
def test_one_that_is_gone_is_never_said_to_be_alive(lock: HostLock, state: Path) -> None:
    _of_one_that_is_gone(state)
    with pytest.raises(Locked, match="locked: an unknown process"):
        lock.acquire("rollback", "r1")


def test_who_waits_in_vain_is_refused_when_the_time_is_up(
    process: subprocess.Popen[str], lock: HostLock, clock: FakeClock
) -> None:
    began = clock.monotonic()
    with pytest.raises(Locked, match=f"pid {process.pid}"):
        lock.acquire("rollback", "r1", wait_s=7)
    assert 7 <= clock.monotonic() - began < 9
    assert process.poll() is None


def test_a_refusal_leaves_record_and_fence_alone(
    process: subprocess.Popen[str], lock: HostLock, state: Path
) -> None:
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    with pytest.raises(Locked):
        lock.acquire("rollback", "r1")
    lock.release()
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before
    assert process.poll() is None


def test_neither_looking_nor_a_refusal_leaves_a_file_open(lock: HostLock, other: HostLock) -> None:
    lock.acquire("deploy", "d1")
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    other.holder()
    with pytest.raises(Locked):
        other.acquire("deploy", "d2")
    assert sorted(path.name for path in Path("/proc/self/fd").iterdir()) == before


def test_kill_9_frees_it(process: subprocess.Popen[str], lock: HostLock) -> None:
    process.send_signal(signal.SIGKILL)
    began = time.monotonic()
    fence = None
    while fence is None and time.monotonic() - began < 60:
        try:
            fence = lock.acquire("resume", "d1")
        except Locked:
            time.sleep(0.01)
    assert fence == 2
    holder, held = lock.holder()
    assert holder is not None
    assert (holder.pid, held) == (os.getpid(), True)


def test_a_program_that_the_holder_starts_does_not_keep_it(lock: HostLock, other: HostLock) -> None:
    lock.acquire("deploy", "d1")
    command = [sys.executable, "-c", "print('runs', flush=True); input()"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, close_fds=False
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "runs\n"
        lock.release()
        assert other.acquire("deploy", "d2") == 2
        child.kill()


def test_who_only_looks_never_makes_a_deploy_wait_in_vain(
    lock: HostLock, other: HostLock, state: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock.acquire("deploy", "d1")
    lock.release()
    looking = os.open(state / "lock", os.O_RDWR)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(clock, "sleep", lambda _seconds: fcntl.flock(looking, fcntl.LOCK_UN))
    assert other.acquire("deploy", "d2") == 2
    os.close(looking)


def test_whoever_slept_while_a_higher_number_was_given_is_told(lock: HostLock, state: Path) -> None:
    lock.require()
    lock.acquire("deploy", "d1")
    lock.require()
    (state / "fence").write_text("2")
    with pytest.raises(Locked, match="fence 2 was given meanwhile and this operation has 1"):
        lock.require()
    (state / "fence").write_text("x")
    lock.require()


def test_a_full_disk_keeps_the_step_off_the_record_and_stops_nobody(
    lock: HostLock, files: LocalFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock.acquire("deploy", "d1")

    def refuse(*_: object) -> None:
        raise StepFailed("no space is left on the disk")

    monkeypatch.setattr(files, "write_durable", refuse)
    lock.at("build", "d1")
    holder, held = lock.holder()
    assert held
    assert holder is not None
    assert holder.step != "build"


def test_the_record_is_never_half_written(lock: HostLock, state: Path) -> None:
    lock.acquire("deploy", "d1")
    seen: set[str] = set()
    ended = threading.Event()

    def write() -> None:
        for number in range(60):
            lock.at("x" * (number * 50), "d1")
        ended.set()

    writing = threading.Thread(target=write)
    writing.start()
    while not ended.is_set():
        seen.add(Holder.from_json(json.loads((state / "holder.json").read_text())).step)
    writing.join()
    assert len(seen) > 1


@pytest.mark.parametrize("record", [b"", b'{"user": "ana"', b"{}", b"[]", b"\xff", b"null"])
def test_a_record_that_tells_nothing_is_an_unknown_process(
    lock: HostLock, other: HostLock, state: Path, record: bytes
) -> None:
    lock.acquire("deploy", "d1")
    (state / "holder.json").write_bytes(record)
    assert other.holder() == (None, True)
    with pytest.raises(Locked, match="locked: an unknown process"):
        other.acquire("deploy", "d2")
