"""Two machines are two state directories with one database between them, on a real server."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters import term as module
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.adapters.lease import TERM_S, Lease
from hotelctl.adapters.shared_lock import SharedLock
from hotelctl.core.errors import Interrupted, Locked, StepFailed, Unavailable
from tests.adapters.test_lease import expire

pytestmark = pytest.mark.database

NOBODY = "postgresql://ana:secret-word@127.0.0.1:1/state"
Machine = Callable[..., SharedLock]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def machine(tmp_path: Path, files: LocalFiles, database_url: str, told: list[str]) -> Iterator[Machine]:
    """The lock as the machine of that name takes it."""
    made = list[SharedLock]()

    def build(name: str, url: str = database_url) -> SharedLock:
        clock = SystemClock()
        host = HostLock(tmp_path / name, files, clock)
        made.append(SharedLock(host, Lease(url, "shop", "production"), clock, told.append))
        return made[-1]

    yield build
    for one in made:
        one.release()


def sleeps(lock: SharedLock, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is as if the machine had slept through its term, without a renewal."""
    term = lock._term
    assert term is not None
    term._over.set()
    term._wake.set()
    assert term._thread is not None
    term._thread.join()
    now = module.boot_time() + TERM_S
    monkeypatch.setattr(module, "boot_time", lambda: now)


def test_the_other_machine_is_refused_with_holder_and_step(machine: Machine) -> None:
    desk, laptop = machine("desk"), machine("laptop")
    fence = desk.acquire("deploy", "d1")
    desk.at("build", "d1")
    until = time.monotonic() + 20
    while (found := laptop.holder()[0]) is None or found.step != "build":
        assert time.monotonic() < until
        time.sleep(0.05)
    with pytest.raises(Locked, match=r"locked: deploy d1 by .*alive\), step build, for \d+ s"):
        laptop.acquire("rollback", "")
    holder, held = laptop.holder()
    assert holder is not None
    assert (holder.deploy, holder.step, holder.fence, held) == ("d1", "build", fence, True)
    assert desk.holder() == (holder, True)
    desk.require()


def test_numbers_grow_over_all_machines(machine: Machine, tmp_path: Path) -> None:
    fences = []
    for name in ("desk", "desk", "laptop", "desk", "laptop"):
        lock = machine(name)
        fences.append(lock.acquire("deploy", "d"))
        lock.release()
    assert fences == [1, 2, 3, 4, 5]
    assert [(tmp_path / name / "fence").read_text() for name in ("desk", "laptop")] == ["4", "5"]


def test_who_waits_gets_it_when_the_other_machine_gives_it_back(machine: Machine) -> None:
    desk, laptop, heard = machine("desk"), machine("laptop"), list[str]()
    desk.acquire("deploy", "d1")

    def end(who: str) -> None:
        heard.append(who)
        desk.release()

    assert laptop.acquire("deploy", "d2", wait_s=60, waiting=end) == 2
    assert ["deploy d1 by" in who for who in heard] == [True]
    assert desk.holder()[0] == laptop.holder()[0]


def test_who_waits_in_vain_frees_its_own_machine_again(machine: Machine) -> None:
    machine("desk").acquire("deploy", "d1")
    laptop = machine("laptop")
    began = time.monotonic()
    with pytest.raises(Locked):
        laptop.acquire("deploy", "d2", wait_s=1)
    assert time.monotonic() - began >= 1
    assert laptop._host.holder()[1] is False


def test_it_is_renewed_as_long_as_it_is_held(
    machine: Machine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENEW_S", 0.05)
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    for _ in range(3):
        expire(database_url)
        until = time.monotonic() + 20
        while not desk.holder()[1]:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_after_a_kill_the_same_machine_goes_on_at_once(machine: Machine) -> None:
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    desk._host.release()  # as the kernel does it
    again = machine("desk")
    began = time.monotonic()
    assert again.acquire("resume", "") == 2
    assert time.monotonic() - began < TERM_S / 2


def test_a_copied_directory_is_another_machine(machine: Machine, tmp_path: Path) -> None:
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    (tmp_path / "copy").mkdir()
    for path in (tmp_path / "desk").iterdir():
        (tmp_path / "copy" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(Locked):
        machine("copy").acquire("deploy", "d2")


def test_who_slept_through_a_takeover_changes_nothing_and_learns_from_whom(
    machine: Machine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, laptop = machine("desk"), machine("laptop")
    desk.acquire("deploy", "d1")
    expire(database_url)
    assert laptop.acquire("deploy", "d2") == 2
    sleeps(desk, monkeypatch)
    for _ in range(2):
        with pytest.raises(Locked, match=r"taken over by deploy d2 by .*nothing more is done here"):
            desk.require()
    desk.turn_back()
    with pytest.raises(Locked):
        desk.require()
    desk.release()
    holder, held = laptop.holder()
    assert holder is not None
    assert (holder.deploy, held) == ("d2", True)


def test_who_slept_and_was_not_missed_goes_on(
    machine: Machine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    expire(database_url)
    sleeps(desk, monkeypatch)
    desk.require()
    with pytest.raises(Locked):
        machine("laptop").acquire("deploy", "d2")


def test_a_database_that_is_away_stops_what_goes_forward_once_the_term_is_over(
    machine: Machine, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    term = desk._term
    assert term is not None
    term.lease = Lease(NOBODY, "shop", "production")
    desk.require()  # for so long nobody else can have it
    sleeps(desk, monkeypatch)
    with pytest.raises(Interrupted, match="ran out and cannot be renewed: no database server answers") as why:
        desk.require()
    assert "secret-word" not in str(why.value)
    assert "hotelctl resume" in why.value.hint
    desk.turn_back()
    desk.require()
    desk.require()
    assert [line.startswith("warning: the lease in state at 127.0.0.1:1 ran out") for line in told] == [True]


def test_on_the_way_back_an_unreachable_database_is_waited_for_once_and_a_takeover_still_learned(
    machine: Machine, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    desk, asked, there = machine("desk"), list[bool](), threading.Event()
    desk.acquire("deploy", "d1")

    def renew(*_: object) -> bool:
        asked.append(threading.current_thread() is threading.main_thread())
        if not there.is_set():
            raise Unavailable("nobody answers")
        return False

    monkeypatch.setattr(Lease, "renew", renew)
    now = module.boot_time() + TERM_S
    monkeypatch.setattr(module, "boot_time", lambda: now)
    desk.turn_back()
    for _ in range(5):
        desk.require()
    assert (asked.count(True), len(told)) == (1, 1)
    there.set()
    desk.at("switch", "d1")  # wakes the one that asks
    until = time.monotonic() + 20
    with pytest.raises(Locked, match="taken over"):  # noqa: PT012 - as soon as it is known
        while time.monotonic() < until:
            desk.require()
            time.sleep(0.01)
    assert asked.count(True) == 1


def test_without_the_database_nothing_begins_but_what_goes_back(machine: Machine, told: list[str]) -> None:
    lock = machine("desk", NOBODY)
    with pytest.raises(StepFailed, match=r"lease in state at 127\.0\.0\.1:1 cannot be had: no database"):
        lock.acquire("deploy", "")
    assert lock._host.holder()[1] is False
    assert told == []
    assert lock.acquire("rollback", "") == 2
    lock.require()
    assert "rollback goes on with this machine's own lock" in told[0]
    assert lock.holder()[1] is True
    lock.release()
    assert lock.holder()[1] is False


@pytest.mark.parametrize("operation", ["rollback", "abort", "resolve"])
def test_what_leads_back_does_not_wait_for_the_database(
    machine: Machine, told: list[str], operation: str
) -> None:
    lock = machine("desk", NOBODY)
    with pytest.raises(StepFailed) as refused:
        lock.acquire("backup restore", "")
    assert operation in refused.value.hint
    assert lock.acquire(operation, "") == 2
    assert f"{operation} goes on with this machine's own lock" in told[0]


def test_a_url_that_is_none_keeps_nobody_from_going_back_and_is_not_shown(
    machine: Machine, told: list[str]
) -> None:
    lock = machine("desk", "postgresql://ana:secret word@127.0.0.1:1/state")
    with pytest.raises(StepFailed, match=r"lease in the database of state cannot be had: .* not well"):
        lock.acquire("deploy", "")
    assert lock.acquire("rollback", "") == 2
    lock.release()
    assert machine("laptop", "postgresql://ana:secret word@127.0.0.1:1/state").holder() == (None, False)
    assert [line for line in told if "the database of state" in line] == told
    assert len(told) == 2
    assert "secret" not in "".join(told)


def test_who_looks_without_the_database_knows_this_machine_only(machine: Machine, told: list[str]) -> None:
    assert machine("desk", NOBODY).holder() == (None, False)
    assert told[0].startswith("who has the lease in state at 127.0.0.1:1 cannot be told: no database server")


def test_what_the_kernel_freed_and_nobody_renews_is_free_after_its_term(
    machine: Machine, database_url: str
) -> None:
    desk = machine("desk")
    desk.acquire("deploy", "d1")
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM expires_at - clock_timestamp()) FROM hotelctl.lease"
        ).fetchone()
    assert row is not None
    assert 0 < row[0] <= TERM_S
