import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from hotelctl.deploy.targets import care
from hotelctl.deploy.targets.care import Care
from hotelctl.deploy.targets.units import State, Unit, load_observed


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which only the test moves."""
    moment = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: moment[0], time=lambda: moment[0])
    monkeypatch.setattr(care, "time", clock)
    return moment


def hopeless(tmp_path: Path) -> Unit:
    """A unit whose program does not exist."""
    return Unit("r1", ("/no/such/program",), {}, str(tmp_path), str(tmp_path / "log"), 20_001, 1.0)


def pause_after_a_try(watched: Care, unit: Unit, now: list[float]) -> float:
    watched.turn(unit)
    assert watched.observed.state is State.WAITING
    began = now[0]
    restarts = watched.observed.restarts
    while watched.observed.restarts == restarts:
        now[0] += 0.25
        watched.turn(unit)
    return now[0] - began


def test_pauses_double_up_to_half_a_minute(tmp_path: Path, now: list[float]) -> None:
    watched, unit = Care("r1", tmp_path), hopeless(tmp_path)
    pauses = [pause_after_a_try(watched, unit, now) for _ in range(9)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert (watched.observed.restarts, watched.observed.exit_code) == (9, 127)


def test_a_good_minute_makes_the_pause_short_again(tmp_path: Path, now: list[float]) -> None:
    watched, unit = Care("r1", tmp_path), hopeless(tmp_path)
    for _ in range(5):
        pause_after_a_try(watched, unit, now)
    now[0] += 60
    watched._after_end(1, "")
    assert watched._start_at - now[0] == 0.5


def test_before_it_is_the_program_it_is_not_seen_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def photograph(*_: object) -> None:
        shutil.copy(tmp_path / "r1.json", tmp_path / "photograph.json")
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "execvpe", photograph)
    watched = Care("r1", tmp_path)
    watched.turn(hopeless(tmp_path))
    then, after = load_observed(tmp_path, "photograph"), load_observed(tmp_path, "r1")
    assert then is not None
    assert (then.state, then.pid > 0) == (State.STARTING, True)
    assert after is not None
    assert (after.state, after.pid, after.exit_code) == (State.WAITING, 0, 127)
    assert after.detail == "cannot start: /no/such/program: No such file or directory"


def test_a_full_disk_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, unit = Care("r1", tmp_path), hopeless(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        watched.turn(unit)
    assert load_observed(tmp_path, "r1") is None
    watched.turn(unit)
    assert load_observed(tmp_path, "r1") == replace(watched.observed, home=str(tmp_path))
