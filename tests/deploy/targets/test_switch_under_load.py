"""Switches and crashes under load: a client that never retries loses nothing when a release is switched."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hotelctl.deploy.targets.process import ProcessTarget
from tests.deploy.targets.place import Place

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]


@contextmanager
def load(port: int, seconds: float, *more: str) -> Iterator[dict[str, Any]]:
    """200 requests a second over 8 kept connections while the block runs; the result is there afterwards."""
    result: dict[str, Any] = {}
    url = f"http://127.0.0.1:{port}/version"
    argv = (sys.executable, "-m", "tests.load.client", url, "--rate", "200", "--connections", "8")
    with subprocess.Popen(
        (*argv, "--seconds", str(seconds), *more), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as client:
        yield result
        assert client.stdout is not None
        result.update(json.loads(client.stdout.read()))


def switch(place: Place, target: ProcessTarget, turn: int) -> None:
    """A new release in, the former one out, as a deploy does it."""
    former = target.serving()
    place.serve(target, f"r{turn}", turn)
    assert former is not None
    drained = target.retire(former)
    assert drained.clean, drained.detail
    target.discard(former)


def test_ten_switches_lose_nothing(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    with load(place.port, 12) as result:
        time.sleep(1)
        for turn in range(2, 12):
            switch(place, target, turn)
            time.sleep(0.5)
        assert target.serving() == place.release("r11")
    assert result["failed"] == 0, result
    assert result["ok"] == result["sent"] >= 2000


def test_back_and_forth_between_two_warm_ones_loses_nothing(place: Place) -> None:
    target = place.target()
    pair = place.serve(target, "r1", 1), place.serve(target, "r2", 2)
    with load(place.port, 5, "--new-per-s", "20") as result:
        time.sleep(1)
        for turn in range(30):
            target.route(pair[turn % 2], 3 + turn)
            time.sleep(0.1)
    assert result["failed"] == 0, result


def test_the_death_of_the_supervisor_loses_nothing(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    with load(place.port, 4) as result:
        time.sleep(1)
        place.kill_supervisor()
        time.sleep(0.5)
        target.prepare(place.port)
        switch(place, target, 2)
    assert result["failed"] == 0, result
