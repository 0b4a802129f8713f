import os
import sys
import time
from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.sealed import READY, UNTOUCHED, Sealed
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses

_LOCK = b"thing==1\n"


class Looked:
    """An environment that is whole, and how often its files were read to know it."""

    def __init__(self, root: Path) -> None:
        self.evidence = FakeEvidence()
        self.sealed = Sealed(FakeProcesses(), LocalFiles(self.evidence, root), root)
        self.place = self.sealed.place(_LOCK)
        for name in ("lib", "bin"):
            (self.place / name).mkdir(parents=True)
        (self.place / "bin" / "thing").write_text("one\n")
        (self.place / READY).write_text(self.sealed._seal(self.place, self.place.name))
        self.reads()

    def reads(self) -> int:
        """Since the last time that this was asked."""
        count = [one.get("operation") for one in self.evidence.records].count("sha256")
        self.evidence.records.clear()
        return count

    def is_whole(self) -> bool:
        return self.sealed.is_whole(_LOCK)


@pytest.fixture
def looked(tmp_path: Path) -> Looked:
    return Looked(tmp_path)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10_000_000_000)


@pytest.mark.usefixtures("later")
def test_files_that_nobody_touched_are_read_once(looked: Looked) -> None:
    assert looked.is_whole()
    assert looked.reads() == 2
    assert looked.is_whole()
    assert looked.reads() == 0


@pytest.mark.usefixtures("later")
def test_a_file_that_was_changed_is_found_whatever_its_time_says(looked: Looked) -> None:
    assert looked.is_whole()
    path = looked.place / "bin" / "thing"
    state = path.stat()
    path.write_text("two\n")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert not looked.is_whole()
    assert not looked.is_whole(), "what was found changed is not believed the next time"


@pytest.mark.usefixtures("later")
def test_one_that_was_touched_and_is_the_same_is_read_and_whole(looked: Looked) -> None:
    assert looked.is_whole()
    looked.reads()
    (looked.place / "bin" / "thing").write_text("one\n")
    assert looked.is_whole()
    assert looked.reads() == 2
    assert looked.is_whole()
    assert looked.reads() == 0


@pytest.mark.usefixtures("later")
def test_a_stamp_of_another_seal_is_none(looked: Looked) -> None:
    assert looked.is_whole()
    (looked.place / READY).write_text("another seal")
    assert not looked.is_whole()


def test_what_was_made_just_now_is_read_again(looked: Looked) -> None:
    for _ in range(2):
        assert looked.is_whole()
        assert looked.reads() == 2
    assert not (looked.place / UNTOUCHED).exists()


def test_pip_is_loaded_once_and_told_where_to_install_where_it_has_no_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed() -> tuple[str, ...]:
        processes = FakeProcesses()
        processes.answer(("install",))
        Sealed(processes, LocalFiles(FakeEvidence(), tmp_path), tmp_path).pip(tmp_path / "venv", "thing")
        return processes.commands[0].argv

    python = str(tmp_path / "venv" / "bin" / "python")
    assert (installed()[0], Path(installed()[1]).name) == (python, "__pip-runner__.py")
    monkeypatch.setattr("hotelctl.adapters.sealed.find_spec", lambda _: None)
    assert installed()[:5] == (sys.executable, "-m", "pip", "--python", python)
