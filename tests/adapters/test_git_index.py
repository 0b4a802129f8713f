"""Against git itself."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import Unavailable
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
_LARGE = 1_000_000
Git = Callable[..., str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    here = tmp_path / "here"
    here.mkdir()
    return here


@pytest.fixture
def git(place: Path) -> Git:
    """Runs git in a repository with two files."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    environ = {"PATH": os.environ["PATH"], "HOME": str(place)}

    def run(*words: str) -> str:
        argv = ["git", "-C", str(place), *who, *words]
        return subprocess.run(argv, env=environ, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "--quiet")
    (place / "kept").write_text("as it was")
    (place / "gone").write_text("not for long")
    run("add", ".")
    run("commit", "--quiet", "--message", "Begin")
    return run


def _staged(place: Path, largest: int = _LARGE, **environ: str) -> tuple[dict[str, bytes], dict[str, str]]:
    env = {"PATH": os.environ["PATH"], "HOME": str(place), **environ}
    found = GitRepository(place, FakeEvidence(), env).staged(largest)
    return dict(found.files), dict(found.left)


def test_new_and_changed_files_as_they_are_staged_under_any_name(place: Path, git: Git) -> None:
    name = 'a\nb "c" ü'
    (place / name).write_bytes(b"\0\xff" * 3)
    (place / "kept").write_text("changed")
    (place / "twin").write_text("changed")
    git("add", ".")
    git("rm", "--quiet", "gone")
    (place / "kept").write_text("changed once more")
    assert _staged(place) == ({name: b"\0\xff" * 3, "kept": b"changed", "twin": b"changed"}, {})


def test_a_link_brings_its_target_and_a_submodule_nothing(place: Path, git: Git) -> None:
    (place / "link").symlink_to("somewhere/else")
    (place / "empty").touch()
    git("add", ".")
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD')},module")
    assert _staged(place) == ({"empty": b"", "link": b"somewhere/else"}, {})


def test_names_that_look_alike_are_no_clean_answer(place: Path, git: Git) -> None:
    for name in (b"a\xff", b"a\\xff"):
        with open(os.fsencode(place) + b"/" + name, "wb") as file:  # noqa: PTH123 - a name that is no text
            file.write(b"x")
    git("add", ".")
    with pytest.raises(Unavailable, match="two names look alike"):
        _staged(place)


def test_more_than_memory_should_hold_is_no_clean_answer(
    place: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotelctl.adapters.git_index._MOST_BYTES", 10)
    (place / "kept").write_text("changed by more than that")
    git("add", ".")
    with pytest.raises(Unavailable, match=r"it is 0\.0 GB"):
        _staged(place)


def test_a_large_file_is_told_and_one_of_several_windows_is_whole(place: Path, git: Git) -> None:
    whole = os.urandom(9_000_000)
    (place / "large").write_bytes(whole)
    git("add", ".")
    assert _staged(place) == ({}, {"large": "is above 1 MB"})
    assert _staged(place, 10_000_000) == ({"large": whole}, {})


def test_a_hooks_own_index_is_read_and_a_strangers_is_no_clean_answer(
    place: Path, git: Git, tmp_path: Path
) -> None:
    (place / "kept").write_text("changed")
    other = {"GIT_INDEX_FILE": str(place / ".git/next")}
    subprocess.run(["git", "add", "."], cwd=place, env={**os.environ, **other}, check=True)
    assert _staged(place) == ({}, {})
    assert _staged(place, _LARGE, **other) == ({"kept": b"changed"}, {})
    assert _staged(place, _LARGE, GIT_INDEX_FILE=".git/next") == ({"kept": b"changed"}, {})
    (place / ".git/next").rename(tmp_path / "next")
    with pytest.raises(Unavailable, match=r"GIT_INDEX_FILE names .*next, not of this repository"):
        _staged(place, _LARGE, GIT_INDEX_FILE=str(tmp_path / "next"))
    assert git("status", "--short") == "M kept"


def test_an_object_that_is_lost_is_no_clean_answer(place: Path, git: Git) -> None:
    (place / "kept").write_text("changed")
    git("add", ".")
    lost = git("rev-parse", ":kept")
    (place / f".git/objects/{lost[:2]}/{lost[2:]}").unlink()
    with pytest.raises(Unavailable, match="what is staged cannot be read: git has no object for kept"):
        _staged(place)


def test_a_file_that_is_not_merged_yet_is_no_clean_answer(place: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "other")
    for text, branch in (("theirs", "main"), ("ours", "")):
        (place / "kept").write_text(text)
        git("commit", "--quiet", "--all", "--message", text)
        if branch:
            git("checkout", "--quiet", branch)
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "other")
    with pytest.raises(Unavailable, match="kept is not merged yet"):
        _staged(place)


def test_an_object_that_is_shown_as_another_is_read_as_it_is_committed(place: Path, git: Git) -> None:
    (place / "kept").write_text("changed")
    git("add", ".")
    git("replace", git("rev-parse", ":kept"), git("rev-parse", ":gone"))
    assert _staged(place) == ({"kept": b"changed"}, {})
