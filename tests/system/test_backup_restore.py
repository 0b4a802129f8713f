"""A restore that is killed at any of its acts, and repeated."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.notes import LATE, Notes, guests, kept_aside, late, notes, server
from tests.house.tracked import ROOT

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    with server(18) as url:
        yield url


@pytest.fixture
def service(
    beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Notes]:
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        yield made


_POINTS = range(1, 11)


@pytest.mark.parametrize("point", _POINTS)
def test_a_restore_that_is_killed_is_repeated_by_the_same_command(service: Notes, point: int) -> None:
    """After each act: noted, created, restored, ended; noted, closed, dumped, verified, swapped, ended."""
    name = late(service)
    words = ("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    killed = subprocess.run(
        [sys.executable, "-m", "hotelctl", *words],
        cwd=service.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOTELCTL_FAULT": f"after@{point}"},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    over = point == _POINTS[-1]
    if not over:
        rows = guests(service)
        assert rows == (2000 if point == _POINTS[-2] else 2000 + LATE)
        code, _, err = service.run("backup", "list")
        assert (code, "a restore was interrupted; to settle it: hotelctl backup restore" in err) == (
            0,
            point != 4,  # the copy is whole, and nothing is in hand
        )
        assert service.facts(*words)["rows"] == 2300
    kept_aside(service)
