"""Against git itself."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.adapters.git_objects import one_by_one
from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Change, Trace
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
    count = repository.each_object(
        one_by_one(lambda name, data: found.append(name) if text in data else None), 40
    )
    assert count >= 9
    return found


def _only(repository: GitRepository, object_id: str) -> tuple[Trace, ...] | None:
    return repository.traces([object_id]).get(object_id)


def test_a_removed_file_is_found_with_the_commits_in_which_it_came_and_went(tmp_path: Path, git: Git) -> None:
    repository = _repository(tmp_path / "here")
    (blob,) = (one for one in _holding(repository, b"second value") if git("cat-file", "-t", one) == "blob")
    traces = _only(repository, blob)
    assert traces is not None
    assert [one.commit for one in traces] == git("rev-list", "--reverse", "HEAD").split()[1:]
    assert {(one.path, one.author) for one in traces} == {("conf/a file", "Ada")}
    assert [(one.came, one.merged) for one in traces] == [(True, False), (False, False)]


def test_a_merge_is_told_as_one(tmp_path: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "side", "HEAD~1")
    git("commit", "--quiet", "--allow-empty", "--message", "Aside")
    git("merge", "--quiet", "--no-commit", "--strategy=ours", "main")
    (tmp_path / "here" / "evil").write_text("only in the merge")
    git("add", ".")
    git("commit", "--quiet", "--message", "Merged")
    traces = _only(_repository(tmp_path / "here"), git("rev-parse", "HEAD:evil"))
    assert {(one.commit, one.came, one.merged) for one in traces or ()} == {
        (git("rev-parse", "HEAD"), True, True)
    }


def test_names_of_files_messages_and_tags_are_searched_too(tmp_path: Path, git: Git) -> None:
    git("tag", "--annotate", "--message", "With third value", "v1")
    repository = _repository(tmp_path / "here")
    head, *_, first = git("rev-list", "HEAD").split()
    (message,) = _holding(repository, b"Without it")
    (tag,) = _holding(repository, b"third value")
    top, below = git("rev-parse", f"{first}^{{tree}}"), git("rev-parse", f"{first}:conf")
    assert {top, below} <= {*_holding(repository, b" conf\0"), *_holding(repository, b" a file\0")}
    found = repository.traces([message, tag, top, below])
    assert [(one.commit, one.path, one.ref) for one in found[message]] == [(head, "", "")]
    assert [(one.commit, one.path, one.ref, one.author) for one in found[tag]] == [(head, "", "v1", "Ada")]
    assert [(one.commit, one.path) for one in found[top]] == [(first, ".")]
    assert (found[below][0].commit, found[below][0].path) == (first, "conf")


def test_what_head_or_a_tag_alone_names_is_reached(tmp_path: Path, git: Git) -> None:
    blob = git("hash-object", "-w", str(tmp_path / "here" / ".git" / "HEAD"))
    git("tag", "only-this", blob)
    git("checkout", "--quiet", "--detach")
    git("commit", "--quiet", "--allow-empty", "--message", "On no branch")
    repository = _repository(tmp_path / "here")
    found = repository.traces([blob, git("rev-parse", "HEAD"), "0" * 40])
    assert {one: len(traces) for one, traces in found.items()} == {blob: 1, git("rev-parse", "HEAD"): 1}
    assert found[blob][0].ref == "only-this"


def test_what_nothing_reaches_is_not_told(tmp_path: Path, git: Git) -> None:
    lost = git("rev-parse", "HEAD~1")
    git("reset", "--quiet", "--hard", "HEAD~2")
    repository = _repository(tmp_path / "here")
    (blob,) = (one for one in _holding(repository, b"second value") if git("cat-file", "-t", one) == "blob")
    assert repository.traces([blob, lost]) == {}


def test_a_renamed_file_has_both_names(tmp_path: Path, git: Git) -> None:
    git("revert", "--no-edit", "HEAD")
    git("mv", "conf/a file", "other")
    git("commit", "--quiet", "--message", "Moved")
    traces = _only(_repository(tmp_path / "here"), git("rev-parse", "HEAD:other"))
    assert traces is not None
    assert {one.path for one in traces} == {"conf/a file", "other"}


def test_odd_dates_and_names_are_no_reason_to_give_up(tmp_path: Path, git: Git) -> None:
    (tmp_path / "here" / "odd\x1e\nname").write_text("odd content")
    git("add", ".")
    git("commit", "--quiet", "--date", "2001-01-01T00:00:00+0518", "--message", "Odd")
    raw = git("cat-file", "commit", "HEAD").replace("+0518", "+051800") + "\n"
    (tmp_path / "raw").write_text(raw)
    odd = git("hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "raw"))
    git("reset", "--quiet", "--hard", odd)
    traces = _only(_repository(tmp_path / "here"), git("rev-parse", "HEAD:odd\x1e\nname"))
    assert traces is not None
    assert [(one.commit, one.path, one.at.year) for one in traces] == [(odd, "odd\x1e\nname", 2000)]


def test_a_damaged_object_is_no_end_of_the_history(tmp_path: Path, git: Git) -> None:
    blob = git("rev-parse", "HEAD~1:conf/a file")
    path = tmp_path / "here" / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    brought = git("rev-parse", "--short", "HEAD~1")
    told = (
        rf"cannot be read: object {blob[:12]} \(conf/a file, commit {brought}\) is damaged.*git fsck --full"
    )
    with pytest.raises(Unavailable, match=told):
        _repository(tmp_path / "here").each_object(lambda _data, _seen: None, 40)
    # Where it belongs is known all the same.
    assert _only(_repository(tmp_path / "here"), blob)
    tree = git("rev-parse", "HEAD~1^{tree}")
    (tmp_path / "here" / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Unavailable, match="the history cannot be read"):
        _repository(tmp_path / "here").traces([blob])


def test_a_partial_clone_is_known(tmp_path: Path, git: Git) -> None:
    assert not _repository(tmp_path / "here").is_partial()
    git("config", "uploadpack.allowFilter", "true")
    source = f"file://{tmp_path / 'here'}"
    git("clone", "--quiet", "--filter=blob:none", source, str(tmp_path / "part"), place=".")
    assert _repository(tmp_path / "part").is_partial()


def test_every_name_is_told_with_what_it_points_at(tmp_path: Path, git: Git) -> None:
    git("tag", "v1", "HEAD~1")
    assert _repository(tmp_path / "here").names() == {
        "refs/heads/main": git("rev-parse", "HEAD"),
        "refs/tags/v1": git("rev-parse", "HEAD~1"),
    }


def test_more_files_than_git_compares_for_moves_in_one_commit_are_shown(tmp_path: Path, git: Git) -> None:
    here = tmp_path / "here"
    for place in ("old", "new"):
        (here / place).mkdir()
        for number in range(5):
            text = "".join(f"{place}{number}{line}\n" for line in range(9))
            (here / place / f"{place}{number}").write_text(text)
        git("add", ".")
        git("commit", "--quiet", "--message", place)
        git("rm", "--quiet", "-r", place)
    # As with more than a thousand, which is what git compares by itself.
    (tmp_path / ".gitconfig").write_text("[diff]\n\trenameLimit = 3\n")
    repository, changes = _repository(here), list[Change]()
    (tmp_path / "copy").mkdir()
    repository.borrow(tmp_path / "copy", (("first", b"x"), ("last", b"y")), repository.tips())
    repository.each_change(tmp_path / "copy", changes.append)
    added = {path for change in changes for path, *_ in change.added}
    assert added >= {f"new/new{number}" for number in range(5)}


def test_behind_a_merge_commits_are_told_in_the_same_letters(tmp_path: Path, git: Git) -> None:
    here = tmp_path / "here"
    git("switch", "--quiet", "--create", "side")
    for branch, name in (("side", "one"), ("main", "two")):
        git("switch", "--quiet", branch)
        (here / name).write_text(name)
        git("add", ".")
        git("commit", "--quiet", "--message", name)
    git("merge", "--quiet", "--no-edit", "side")
    (tmp_path / ".gitconfig").write_text("[i18n]\n\tlogOutputEncoding = UTF-16\n")
    repository, changes = _repository(here), list[Change]()
    (tmp_path / "copy").mkdir()
    repository.borrow(tmp_path / "copy", (("first", b"x"), ("last", b"y")), repository.tips())
    assert repository.each_change(tmp_path / "copy", changes.append) == 8
    assert {path for change in changes for path, *_ in change.added} >= {"one", "two", "conf/a file"}
