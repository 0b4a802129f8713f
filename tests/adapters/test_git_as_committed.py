"""What this clone alone shows in another thing's place, or does not look at, hides nothing."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system

Git = Callable[..., str]
WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    root = tmp_path / "here"
    root.mkdir()
    return root


@pytest.fixture
def git(place: Path) -> Git:
    """Runs git in a repository whose `conf` held a key in the first commit and holds none in the second."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(place.parent)}

    def run(*words: str) -> str:
        argv = ["git", "-C", str(place), *WHO, *words]
        return subprocess.run(argv, env=environ, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "--quiet")
    for text in ("a key", "empty"):
        (place / "conf").write_text(text)
        run("add", ".")
        run("commit", "--quiet", "--message", f"With {text}")
    return run


def _repository(place: Path) -> GitRepository:
    return GitRepository(place, FakeEvidence(), {"PATH": os.environ["PATH"], "HOME": str(place.parent)})


def test_an_object_of_the_history_is_the_one_that_was_committed(place: Path, git: Git) -> None:
    with_key = git("rev-parse", "HEAD~1:conf")
    git("replace", with_key, git("rev-parse", "HEAD:conf"))
    said: dict[str, bytes] = {}
    _repository(place).these_objects(lambda name, data: said.update({name: bytes(data)}), 40, [with_key])
    assert said[with_key] == b"a key"
    assert {one.path for one in _repository(place).traces([with_key])[with_key]} == {"conf"}


def test_a_work_tree_that_another_commit_was_shown_for_is_not_clean(
    place: Path, git: Git, tmp_path: Path
) -> None:
    first = git("rev-parse", "HEAD~1")
    clean = git("rev-parse", "HEAD")
    git("reset", "--quiet", "--hard", first)
    git("replace", first, clean)
    git("reset", "--quiet", "--hard")
    assert git("status", "--porcelain") == "", "git itself is misled"
    repository = _repository(place)
    assert repository.work_tree().dirty == ("conf",)
    repository.export(first, tmp_path / "export")
    assert (tmp_path / "export" / "conf").read_text() == "a key"


def test_a_commit_has_the_parents_that_it_was_committed_with(place: Path, git: Git) -> None:
    first = git("rev-parse", "HEAD~1")
    (place / ".git" / "info" / "grafts").write_text(git("rev-parse", "HEAD") + "\n")
    assert git("rev-list", "--count", "HEAD") == "1", "git itself is misled"
    assert first in _repository(place).change(first).commits | {_repository(place).change(first).base}


def test_a_file_of_the_same_size_and_time_is_seen_to_be_another(place: Path, git: Git) -> None:
    git("config", "core.trustctime", "false")
    git("config", "core.checkStat", "minimal")
    file = place / "conf"
    os.utime(file, ns=(10**18, 10**18))
    git("update-index", "--refresh")
    # Of the time of a change git heeds whole seconds.
    time.sleep(1.1)
    file.write_text("EMPTY")
    os.utime(file, ns=(10**18, 10**18))
    assert git("status", "--porcelain") == "", "git itself is misled"
    assert _repository(place).work_tree().dirty == ("conf",)
