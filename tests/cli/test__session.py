"""What a session leaves behind of operations that never began."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli._options import Format
from hotelctl.cli._presentation import presentation
from hotelctl.cli._session import _report_place, session
from hotelctl.cli._shelf import Shelf
from hotelctl.cli._wiring import Asked, configure, layout_of
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Diverged
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.naming import is_operation
from tests.fakes.evidence import FakeEvidence
from tests.services.checkout import plain_checkout


@pytest.mark.parametrize(("journal", "stays"), [("absent", False), ("empty", False), ("begun", True)])
def test_an_operation_that_never_began_leaves_no_report(tmp_path: Path, journal: str, *, stays: bool) -> None:
    layout, shelf = Layout(tmp_path / ".hotelctl" / "local"), Shelf(tmp_path / "reports")

    def refused() -> None:
        with _report_place(shelf, layout, "d1") as place:
            (place / "evidence.jsonl").write_text("{}")
            if journal != "absent":
                ChainedFile(layout.journal("d1"))
            if journal == "begun":
                ChainedFile(layout.journal("d1")).append({"kind": "note"})
            raise Diverged("the edge points nowhere")

    with pytest.raises(Diverged):
        refused()
    assert (shelf.root / "d1" / "evidence.jsonl").exists() is stays
    assert (shelf.root / "d1").exists() is stays


def test_what_killed_commands_and_rehearsals_left_is_gone_once_the_environment_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(plain_checkout(tmp_path))
    name = "import os; from hotelctl.adapters.owner_mark import own_mark; print(own_mark())"
    mark = subprocess.run(
        [sys.executable, "-c", name], capture_output=True, text=True, check=True
    ).stdout.strip()
    left = tmp_path / f"hotelctl-{mark}-x"
    left.mkdir()
    copy = Path.cwd() / ".hotelctl" / "rehearsals" / mark
    copy.mkdir(parents=True)
    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=True, no_color=True)
    with session(Asked(None, "local"), shown, "deploy"):
        assert not left.exists()
        assert not copy.exists()


def test_what_is_no_operation_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plain_checkout(tmp_path))
    configuration = configure(Asked(None, "local"))
    for foreign in ("old", "lost+found", "tmp"):
        layout_of(configuration).deploy(foreign).mkdir(parents=True)
    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=True, no_color=True)
    with session(Asked(None, "local"), shown, "deploy") as held:
        assert is_operation(held.name())


def test_who_waited_works_with_the_service_file_that_is_checked_out_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plain_checkout(tmp_path)
    monkeypatch.chdir(root)
    layout = layout_of(configure(Asked(None, "local")))
    lock = HostLock(layout.state, LocalFiles(FakeEvidence(), root), SystemClock())
    lock.acquire("deploy", "d1")
    asked_of: list[str] = []

    def require(configuration: Configuration) -> None:
        asked_of.append(configuration.spec.service.title)
        if len(asked_of) == 1:
            threading.Timer(0.1, later).start()

    def later() -> None:
        file = root / "hotelctl.toml"
        file.write_text(file.read_text().replace('title = "Plain notes"', 'title = "Other notes"'))
        lock.release()

    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=True, no_color=True)
    with session(Asked(None, "local", wait_s=60), shown, "deploy", require) as held:
        assert held.configuration.spec.service.title == "Other notes"
        assert held.tree.dirty == ("hotelctl.toml",)
    assert asked_of == ["Plain notes", "Other notes"]
