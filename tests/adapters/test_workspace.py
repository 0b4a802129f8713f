import secrets
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hotelctl.adapters.workspace import workspace

_HOLD = (
    "from hotelctl.adapters.workspace import workspace\nwith workspace() as p: print(p, flush=True); input()"
)


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


def test_it_is_empty_private_and_gone_afterwards() -> None:
    with workspace() as place:
        assert list(place.iterdir()) == []
        assert place.stat().st_mode & 0o077 == 0
        (place / "x").mkdir()
    assert not place.exists()


def test_it_is_gone_though_a_program_that_was_just_ended_still_writes() -> None:
    with workspace() as place:
        until = time.monotonic() + 0.3

        def write() -> None:
            with suppress(FileNotFoundError):
                while time.monotonic() < until:
                    (place / secrets.token_hex(4)).mkdir()

        writer = threading.Thread(target=write)
        writer.start()
    writer.join()
    assert not place.exists()


def test_what_a_killed_command_left_is_gone_and_a_living_ones_stays(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with workspace():
            assert left.exists()
        other.kill()
    assert left.exists()
    (tmp_path / "hotelctl-notes").mkdir()
    with workspace():
        assert not left.exists()
    assert (tmp_path / "hotelctl-notes").exists()
