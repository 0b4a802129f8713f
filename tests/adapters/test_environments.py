import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.environments import Environments
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.ports import Command, Completed
from hotelctl.facts.installer_output import complaint
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
_SCRIPT = "[console_scripts]\nthing = thing:main\n"


def _wheel(place: Path, said: str) -> Path:
    path = place / "thing-1.0-py3-none-any.whl"
    info = "thing-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing.py", f"def main():\n    print({said!r})\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", _SCRIPT)
        archive.writestr(f"{info}/RECORD", "")
    return path


class Watched(LocalProcesses):
    """Real programs; `argvs` tells which."""

    def __init__(self) -> None:
        super().__init__(FakeEvidence(), SystemClock(), os.environ)
        self.argvs: list[tuple[str, ...]] = []

    def run(self, command: Command) -> Completed:
        self.argvs.append(command.argv)
        return super().run(command)


def test_each_release_has_its_own_and_a_half_made_one_is_made_again(tmp_path: Path) -> None:
    processes = Watched()
    environments = Environments(processes, LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    lock = tmp_path / "lock.txt"
    lock.write_text("# nothing is needed\n")
    one, two = tmp_path / "r1" / "venv", tmp_path / "r2" / "venv"

    (tmp_path / "a").mkdir()
    assert environments.install(one, _wheel(tmp_path / "a", "one"), lock).ok
    (tmp_path / "b").mkdir()
    second = _wheel(tmp_path / "b", "two")
    assert environments.install(two, second, lock).ok
    assert sum("venv" in argv for argv in processes.argvs) == 1, "the second is a copy of the cached one"
    assert [_says(one), _says(two)] == ["one", "two"]
    assert str(one) in (one / "bin" / "thing").read_text()

    before = len(processes.argvs)
    assert environments.install(two, second, lock).ok
    assert len(processes.argvs) == before + 1, "a ready one is only asked whether it works"

    (two / ".ready").unlink()
    (two / "left-over").write_text("x")
    assert environments.install(two, second, lock).ok
    assert not (two / "left-over").exists()


def test_a_cache_that_was_changed_is_made_again(tmp_path: Path) -> None:
    processes = Watched()
    environments = Environments(processes, LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    lock = tmp_path / "lock.txt"
    lock.write_text("# nothing is needed\n")
    wheel = _wheel(tmp_path, "one")
    assert environments.install(tmp_path / "r1" / "venv", wheel, lock).ok
    (packages,) = (tmp_path / "cache").glob("*/lib/*/site-packages")
    (packages / "smuggled.py").write_text("")
    assert environments.install(tmp_path / "r2" / "venv", wheel, lock).ok
    assert sum("venv" in argv for argv in processes.argvs) == 2
    assert not list((tmp_path / "r2").rglob("smuggled.py"))


def test_what_was_furnished_ahead_is_not_copied_again(tmp_path: Path) -> None:
    processes, lock, venv = Watched(), tmp_path / "lock.txt", tmp_path / "r2" / "venv"
    environments = Environments(processes, LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    lock.write_text("# nothing is needed\n")
    environments.furnish(venv, lock.read_bytes())
    assert not venv.exists(), "the cache has nothing yet"
    wheel = _wheel(tmp_path, "one")
    assert environments.install(tmp_path / "r1" / "venv", wheel, lock).ok
    environments.furnish(venv, lock.read_bytes())
    (venv / "copied-once").touch()
    assert environments.install(venv, wheel, lock).ok
    assert _says(venv) == "one"
    assert (venv / "copied-once").exists()
    environments.furnish(venv, lock.read_bytes())
    assert _says(venv) == "one"


@pytest.mark.parametrize("left", ["half a copy", "another list", "half an installation"])
def test_what_is_no_whole_copy_of_this_list_is_made_anew(tmp_path: Path, left: str) -> None:
    lock, venv = tmp_path / "lock.txt", tmp_path / "r2" / "venv"
    environments = Environments(Watched(), LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    lock.write_text("# nothing is needed\n")
    wheel = _wheel(tmp_path, "one")
    assert environments.install(tmp_path / "r1" / "venv", wheel, lock).ok
    environments.furnish(venv, lock.read_bytes())
    (venv / "left-over").touch()
    if left == "another list":
        lock.write_text("# nothing is needed, still\n")
    elif left == "half a copy":
        (venv / ".furnished").unlink()
    else:
        (tmp_path / "broken.whl").write_bytes(b"no wheel")
        assert not environments.install(venv, tmp_path / "broken.whl", lock).ok
    assert environments.install(venv, wheel, lock).ok
    assert _says(venv) == "one"
    assert not (venv / "left-over").exists()


def test_a_lock_that_fails_leaves_the_cache_of_the_good_one(tmp_path: Path) -> None:
    processes = Watched()
    environments = Environments(processes, LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    wheel = _wheel(tmp_path, "one")
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("# nothing is needed\n")
    bad.write_text(f"thing @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    assert environments.install(tmp_path / "r1" / "venv", wheel, good).ok
    done = environments.install(tmp_path / "r2" / "venv", wheel, bad)
    assert not done.ok
    assert complaint(done.stderr) == "thing is not what its hash in the requirements promises"
    made = sum("venv" in argv for argv in processes.argvs)
    assert environments.install(tmp_path / "r3" / "venv", wheel, good).ok
    assert sum("venv" in argv for argv in processes.argvs) == made
    assert len([path for path in (tmp_path / "cache").iterdir() if path.is_dir()]) == 1


def test_a_lock_without_hashes_is_refused(tmp_path: Path) -> None:
    environments = Environments(Watched(), LocalFiles(FakeEvidence(), tmp_path), tmp_path / "cache")
    wheel = _wheel(tmp_path, "one")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"thing @ {wheel.as_uri()}\n")
    done = environments.install(tmp_path / "r1" / "venv", wheel, lock)
    assert not done.ok
    assert "hash" in done.stderr.lower()
    assert complaint(done.stderr)
    assert not (tmp_path / "r1" / "venv").exists()


def _says(venv: Path) -> str:
    assert str(venv) != sys.prefix
    ended = subprocess.run(
        [str(venv / "bin" / "thing")], check=True, capture_output=True, text=True, timeout=60
    )
    return ended.stdout.strip()
