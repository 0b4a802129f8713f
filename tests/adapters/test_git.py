import os
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters import git_command
from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import StepFailed, UsageError
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system

Git = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    return place


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A user who has configured nothing but a name."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
    return {"PATH": os.environ["PATH"], "HOME": str(home)}


@pytest.fixture
def git(root: Path, environ: dict[str, str]) -> Git:
    def run(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", root, *words], env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def repository(root: Path, evidence: FakeEvidence, environ: dict[str, str], git: Git) -> GitRepository:
    """One commit with a few files."""
    (root / "README.md").write_text("hello\n")
    (root / ".gitignore").write_text("*.log\n!kept.log\n/.hotelctl/\n")
    (root / "src").mkdir()
    (root / "src" / "run.sh").write_text("#!/bin/sh\n")
    (root / "src" / "run.sh").chmod(0o755)
    (root / "src" / "_commit.txt").write_text("$Format:%H$\n")
    (root / ".gitattributes").write_text("src/_commit.txt export-subst\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "first")
    return GitRepository(root, evidence, environ)


def test_a_clean_checkout(repository: GitRepository, git: Git, root: Path, evidence: FakeEvidence) -> None:
    git("tag", "v1")
    tree = repository.work_tree()
    assert tree.commit == git("rev-parse", "HEAD")
    assert (tree.root, tree.branch, tree.tags, tree.dirty, tree.hidden) == (root, "main", ("v1",), (), ())
    assert not tree.shallow
    assert tree.moved_at == tree.committed_at
    assert tree.committed_at == datetime.fromisoformat(git("log", "-1", "--format=%cI"))
    assert evidence.records[0]["id"] == tree.evidence


def test_when_head_came_where_it_is_is_known_but_without_a_log(repository: GitRepository, git: Git) -> None:
    git(
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "x",
        "--date=2001-01-01",
    )
    moved = repository.work_tree().moved_at
    assert moved is not None
    assert abs((datetime.now(UTC) - moved).total_seconds()) < 600
    git("reflog", "expire", "--expire=all", "--all")
    assert repository.work_tree().moved_at is None


def test_changed_staged_deleted_and_untracked_files_are_dirty(
    repository: GitRepository, git: Git, root: Path
) -> None:
    (root / "README.md").write_text("changed\n")
    (root / "staged.txt").write_text("x")
    git("add", "staged.txt")
    (root / "src" / "run.sh").unlink()
    (root / "new dir").mkdir()
    (root / "new dir" / 'quote"é\n.txt').write_text("x")
    (root / "noise.log").write_text("x")
    assert set(repository.work_tree().dirty) == {
        "README.md",
        "staged.txt",
        "src/run.sh",
        'new dir/quote"é\n.txt',
    }


def test_hotelctl_s_own_output_is_not_dirt_but_what_only_looks_like_it_is(
    repository: GitRepository, root: Path
) -> None:
    report = root / "reports" / "d-1"
    (report / "evidence").mkdir(parents=True)
    (report / "evidence.jsonl").write_text("")
    (report / "evidence" / "ev-0001.txt").write_text("")
    (root / "reports" / "latest").symlink_to("d-1")
    (root / "reports" / "quarterly").mkdir()
    (root / "reports" / "quarterly" / "sales.py").write_text("x")
    (root / "sub" / ".hotelctl" / "local").mkdir(parents=True)
    (root / "sub" / ".hotelctl" / "local" / "lock").write_text("")
    assert repository.work_tree().dirty == ("reports/quarterly/sales.py",)


def test_changes_that_git_was_told_not_to_see_are_named(
    repository: GitRepository, git: Git, root: Path
) -> None:
    git("update-index", "--assume-unchanged", "README.md")
    git("update-index", "--skip-worktree", "src/run.sh")
    (root / "README.md").write_text("hidden change\n")
    tree = repository.work_tree()
    assert tree.dirty == ()
    assert tree.hidden == ("README.md", "src/run.sh")


def test_detached_and_shallow_and_below_the_top(
    repository: GitRepository, git: Git, root: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    git("commit", "--quiet", "--allow-empty", "--message", "second")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{root}", clone], env=environ, check=True)
    subprocess.run(["git", "-C", clone, "checkout", "--quiet", "--detach"], env=environ, check=True)
    tree = GitRepository(clone / "src", FakeEvidence(), environ).work_tree()
    assert (tree.root, tree.branch, tree.shallow) == (clone, None, True)
    assert tree.commit == repository.work_tree().commit


def test_an_export_is_the_commit_and_not_the_work_tree(
    repository: GitRepository, git: Git, root: Path, tmp_path: Path
) -> None:
    (root / "README.md").write_text("changed\n")
    (root / "untracked").write_text("x")
    commit = git("rev-parse", "HEAD")
    place = tmp_path / "out" / "source"
    for _ in range(2):
        repository.export(commit, place)
        (place / "left by a former try").write_text("x")
    repository.export(commit, place)
    assert (place / "README.md").read_text() == "hello\n"
    assert (place / "src" / "_commit.txt").read_text() == f"{commit}\n"
    assert (place / "src" / "run.sh").stat().st_mode & 0o111
    assert {path.name for path in place.iterdir()} == {"README.md", ".gitignore", ".gitattributes", "src"}
    assert [path.name for path in place.parent.iterdir()] == ["source"]


def test_a_link_out_of_the_tree_stops_the_export(
    repository: GitRepository, git: Git, root: Path, tmp_path: Path
) -> None:
    (root / "evil").symlink_to("../../outside")
    git("add", "evil")
    git("commit", "--quiet", "--message", "link")
    with pytest.raises(StepFailed, match=r"cannot be exported: .*evil"):
        repository.export("HEAD", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["nosuch", "--upload-pack=evil", "", "HEAD:README.md"])
def test_an_unknown_commit_is_named(repository: GitRepository, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="there is no commit"):
        repository.export(name, tmp_path / "out")


def test_ctrl_c_that_met_git_before_its_own_session_is_not_taken_for_an_answer(
    repository: GitRepository, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = git("rev-parse", "HEAD").strip()
    repository.export(commit, tmp_path / "before")
    struck, once = tmp_path / "struck", git_command._once

    def interrupted_first(argv: Sequence[str], *more: Any) -> tuple[int, str]:  # noqa: ANN401 - passed on
        if not struck.exists():
            argv = ["sh", "-c", f"touch '{struck}'; kill -INT $$"]
        return once(argv, *more)

    monkeypatch.setattr(git_command, "_once", interrupted_first)
    repository.export(commit, tmp_path / "out")
    assert struck.exists()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        path.name for path in (tmp_path / "before").iterdir()
    }


def test_tracked_and_ignored_are_git_s_own_answers(repository: GitRepository, root: Path) -> None:
    (root / "untracked.sh").write_text("x")
    assert repository.tracked(["*.sh"]) == ("src/run.sh",)
    assert repository.tracked(["src"]) == ("src/_commit.txt", "src/run.sh")
    assert repository.tracked(["absent"]) == ()
    asked = ["a.log", "kept.log", "README.md", "deep/b.log", ".hotelctl/local"]
    assert repository.ignored(asked) == dict(zip(asked, [True, False, False, True, True], strict=True))
    with pytest.raises(UsageError, match="outside repository"):
        repository.ignored(["/etc/passwd"])


def test_a_tag_is_made_once_and_never_moved(repository: GitRepository, git: Git) -> None:
    first = git("rev-parse", "HEAD")
    repository.tag("1.0-abc", first, "released")
    repository.tag("1.0-abc", first, "released")
    assert git("cat-file", "-t", "1.0-abc") == "tag"
    git("commit", "--quiet", "--allow-empty", "--message", "second")
    with pytest.raises(StepFailed, match=r"the tag 1\.0-abc exists at"):
        repository.tag("1.0-abc", "HEAD", "again")
    with pytest.raises(StepFailed, match="git refuses the tag -d"):
        repository.tag("-d", "HEAD", "option")


def test_a_tag_needs_no_configured_name(
    repository: GitRepository, git: Git, environ: dict[str, str], root: Path
) -> None:
    Path(environ["HOME"], ".gitconfig").write_text("[user]\nuseConfigOnly = true\n")
    GitRepository(root, FakeEvidence(), environ).tag("v2", "HEAD", "released")
    assert "hotelctl" in git("for-each-ref", "--format=%(taggername)", "refs/tags/v2")
    assert repository.work_tree().tags == ("v2",)


def test_no_repository_no_commit_no_git_no_directory(
    tmp_path: Path, git: Git, root: Path, environ: dict[str, str]
) -> None:
    assert git("status")
    git("init", "--quiet", "--bare", str(tmp_path / "bare"))
    cases = {
        tmp_path / "bare": (environ, "is a bare repository, which has no files to look at"),
        tmp_path / "home": (environ, "is no git repository"),
        root: (environ, "has no commit yet"),
        tmp_path / "absent": (environ, "there is no such directory"),
        tmp_path: ({"PATH": str(tmp_path / "home")}, "git is not installed"),
    }
    for place, (given, words) in cases.items():
        with pytest.raises(UsageError, match=words) as refused:
            GitRepository(place, FakeEvidence(), given).work_tree()
        assert refused.value.hint


def test_somebody_else_s_repository_is_named_with_the_remedy(repository: GitRepository, root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("giving a directory away needs root")
    for path in (root, root / ".git"):
        os.chown(path, 54_321, 54_321)
    with pytest.raises(UsageError, match="belongs to another user") as refused:
        repository.work_tree()
    assert refused.value.hint == f"git config --global --add safe.directory {root}"


def test_a_hook_s_environment_does_not_aim_git_elsewhere(
    repository: GitRepository,
    environ: dict[str, str],
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", other], env=environ, check=True)
    for name, value in (
        ("GIT_DIR", other / ".git"),
        ("GIT_INDEX_FILE", other / "x"),
        ("GIT_WORK_TREE", other),
    ):
        monkeypatch.setenv(name, str(value))
    assert GitRepository(root, FakeEvidence(), dict(os.environ)).work_tree().root == root
    assert repository.work_tree().dirty == ()


_RUN_BY_GIT = (
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "diff.external",
    "gpg.program",
    "core.editor",
)


def _set_traps(git: Git, root: Path, trap: Path, filter_name: str) -> None:
    """Every setting of the repository that could run a program runs the trap."""
    for key in (*_RUN_BY_GIT, *(f"filter.{filter_name}.{kind}" for kind in ("clean", "smudge", "process"))):
        git("config", key, str(trap))
    hooks = trap.with_name("hooks")
    hooks.mkdir()
    for hook in ("post-index-change", "reference-transaction"):
        (hooks / hook).symlink_to(trap)
    for key, value in ((f"filter.{filter_name}.required", "true"), ("tag.gpgSign", "true")):
        git("config", key, value)
    git("config", "core.hooksPath", str(hooks))
    (root / ".git" / "info" / "attributes").write_text(f"* filter={filter_name} diff={filter_name}\n")


@pytest.mark.parametrize("filter_name", ["evil", "e=v.il"])
def test_a_hostile_configuration_runs_nothing(
    repository: GitRepository, git: Git, root: Path, tmp_path: Path, filter_name: str
) -> None:
    trap, marker = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\necho $0 $@ >> {marker}\ncat\n")
    trap.chmod(0o755)
    _set_traps(git, root, trap, filter_name)
    (root / "README.md").touch()
    (root / "src" / "run.sh").write_text("#!/bin/zz\n")
    tree = repository.work_tree()
    repository.export(tree.commit, tmp_path / "out")
    repository.tracked(["*"])
    repository.ignored(["a.log"])
    repository.tag("v3", "HEAD", "message")
    assert tree.dirty == ("src/run.sh",)
    assert (tmp_path / "out" / "README.md").read_text() == "hello\n"
    assert not marker.exists(), marker.read_text()
    subprocess.run(["git", "-C", root, "status"], capture_output=True, check=False)
    assert marker.exists(), "the trap does not even catch plain git"


def test_the_user_s_own_filters_stay(
    repository: GitRepository, environ: dict[str, str], root: Path, tmp_path: Path
) -> None:
    config = Path(environ["HOME"], ".gitconfig")
    config.write_text(config.read_text() + '[filter "upper"]\nsmudge = tr a-z A-Z\nclean = cat\n')
    (root / ".git" / "info" / "attributes").write_text("README.md filter=upper\n")
    repository.export("HEAD", tmp_path / "out")
    assert (tmp_path / "out" / "README.md").read_text() == "HELLO\n"


def test_a_damaged_repository_is_one_line(
    repository: GitRepository, root: Path, git: Git, tmp_path: Path
) -> None:
    tree = git("rev-parse", "HEAD^{tree}")
    (root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(UsageError, match="git archive failed: ") as refused:
        repository.export("HEAD", tmp_path / "out")
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("part", ["HEAD", "objects", "refs"])
def test_a_repository_that_git_does_not_know_again_is_no_missing_one(
    root: Path, repository: GitRepository, part: str
) -> None:
    (root / ".git" / part).rename(root / "elsewhere")
    with pytest.raises(UsageError, match=r"\.git: git does not take it for a repository: it is damaged"):
        repository.export("HEAD", root / "out")


@pytest.mark.parametrize("lost", ["the commit", "the branch"])
def test_a_commit_that_cannot_be_read_is_not_said_to_be_missing(
    lost: str, repository: GitRepository, git: Git, root: Path
) -> None:
    commit, branch = git("rev-parse", "HEAD").strip(), git("symbolic-ref", "HEAD").strip()
    below = {"the commit": f"objects/{commit[:2]}/{commit[2:]}", "the branch": branch}[lost]
    path = root / ".git" / below
    path.chmod(0o644)
    path.write_bytes(b"")
    with pytest.raises(UsageError, match=r"git cannot read the commit that is checked out: .+") as refused:
        repository.work_tree()
    assert refused.value.hint == "look at the repository with git fsck"


def test_what_is_tracked_is_asked_once_for_the_same_index(
    repository: GitRepository, git: Git, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    once = git_command._once

    def noted(argv: Sequence[str], *more: Any) -> tuple[int, str]:  # noqa: ANN401 - passed on
        asked.extend(word for word in argv if word == "ls-files")
        return once(argv, *more)

    monkeypatch.setattr(git_command, "_once", noted)
    before = repository.tracked(("*",))
    assert repository.tracked(("*",)) == before
    assert repository.tracked(("*.none",)) == ()
    assert len(asked) == 1
    assert repository.tracked(("[x]",)) == ()
    assert len(asked) == 2, "git itself reads what only it reads so"
    (root / "another.txt").write_text("x")
    git("add", "another.txt")
    assert set(repository.tracked(("*",))) == {*before, "another.txt"}
