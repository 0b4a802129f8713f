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

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs git in `here`, a repository whose one file was written, changed and removed."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def run(*words: str, place: str = "here") -> str:
        argv = ["git", "-C", str(tmp_path / place), *who, *words]
        return subprocess.run(argv, env=environ, capture_output=True, text=True, check=True).stdout.strip()

    (tmp_path / "here" / "conf").mkdir(parents=True)
    run("init", "--quiet")
    for text in ("first value", "second value"):
        (tmp_path / "here" / "conf" / "a file").write_text(text)
        run("add", ".")
        run("commit", "--quiet", "--message", f"With {text}")
    run("rm", "--quiet", "conf/a file")
    run("commit", "--quiet", "--message", "Without it")
    return run


def _repository(place: Path) -> GitRepository:
    return GitRepository(place, FakeEvidence(), {"PATH": os.environ["PATH"], "HOME": str(place.parent)})


def _holding(repository: GitRepository, text: bytes) -> list[str]:
    found: list[str] = []
    count = repository.each_object(lambda name, data: found.append(name) if text in data else None, 40)
    assert count >= 9
    return found


def test_a_removed_file_is_found_with_the_commits_in_which_it_came_and_went(tmp_path: Path, git: Git) -> None:
    repository = _repository(tmp_path / "here")
    (blob,) = (one for one in _holding(repository, b"second value") if git("cat-file", "-t", one) == "blob")
    traces = repository.traces(blob)
    assert [one.commit for one in traces] == git("rev-list", "--reverse", "HEAD").split()[1:]
    assert {(one.path, one.author) for one in traces} == {("conf/a file", "Ada")}


def test_names_of_files_messages_and_tags_are_searched_too(tmp_path: Path, git: Git) -> None:
    git("tag", "--annotate", "--message", "With third value", "v1")
    repository = _repository(tmp_path / "here")
    head = git("rev-parse", "HEAD")
    (message,) = _holding(repository, b"Without it")
    assert [(one.commit, one.path) for one in repository.traces(message)] == [(head, "")]
    (tag,) = _holding(repository, b"third value")
    assert [(one.commit, one.path, one.author) for one in repository.traces(tag)] == [
        (head, "refs/tags/v1", "Ada")
    ]
    (tree,) = _holding(repository, b" a file\0")[:1]
    assert {one.path for one in repository.traces(tree)} == {"conf"}


def test_what_no_branch_reaches_has_no_trace(tmp_path: Path, git: Git) -> None:
    lost = git("rev-parse", "HEAD~1")
    git("reset", "--quiet", "--hard", "HEAD~2")
    repository = _repository(tmp_path / "here")
    (blob,) = (one for one in _holding(repository, b"second value") if git("cat-file", "-t", one) == "blob")
    assert repository.traces(blob) == ()
    assert repository.traces(lost) == ()


def test_a_damaged_object_is_no_end_of_the_history(tmp_path: Path, git: Git) -> None:
    blob = git("rev-parse", "HEAD~1:conf/a file")
    path = tmp_path / "here" / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    with pytest.raises(Unavailable, match="the history cannot be read"):
        _repository(tmp_path / "here").each_object(lambda _name, _data: None, 40)


def test_a_partial_clone_is_known(tmp_path: Path, git: Git) -> None:
    assert not _repository(tmp_path / "here").is_partial()
    git("config", "uploadpack.allowFilter", "true")
    source = f"file://{tmp_path / 'here'}"
    git("clone", "--quiet", "--filter=blob:none", source, str(tmp_path / "part"), place=".")
    assert _repository(tmp_path / "part").is_partial()
