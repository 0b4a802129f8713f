"""A project that is a part of its repository."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import StepFailed
from tests.fakes.evidence import FakeEvidence

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Git in a repository with one commit, whose part is `src`."""
    root = tmp_path / "repository"
    (root / "src").mkdir(parents=True)
    (root / "README.md").write_text("hello\n")
    (root / ".gitignore").write_text("*.log\n")
    (root / ".gitattributes").write_text("src/_commit.txt export-subst\n")
    (root / "src" / "run.sh").write_text("#!/bin/sh\n")
    (root / "src" / "_commit.txt").write_text("$Format:%H$\n")

    def run(*words: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        argv = ["git", "-C", str(root), *who, *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    run("init", "--quiet")
    run("add", "--all")
    run("commit", "--quiet", "--message", "first")
    return run


@pytest.fixture
def part(git: Git, tmp_path: Path) -> GitRepository:
    """What hotelctl sees of it."""
    assert git("status", "--porcelain") == ""
    return GitRepository(tmp_path / "repository" / "src", FakeEvidence(), {"PATH": os.environ["PATH"]})


def test_its_own_files_are_all_that_is_told_and_named_from_it(
    part: GitRepository, git: Git, tmp_path: Path
) -> None:
    root = tmp_path / "repository"
    (root / "README.md").write_text("changed elsewhere\n")
    (root / "new").write_text("elsewhere\n")
    (root / "src" / "run.sh").write_text("changed\n")
    (root / "src" / "new.log").write_text("ignored\n")
    (root / "src" / "new").write_text("here\n")
    git("update-index", "--assume-unchanged", "src/_commit.txt")
    assert part.tracked(("*",)) == ("_commit.txt", "run.sh")
    assert part.ignored(["new.log", "new"]) == {"new.log": True, "new": False}
    tree = part.work_tree()
    assert (tree.root, sorted(tree.dirty), tree.hidden) == (root, ["new", "run.sh"], ("_commit.txt",))
    change = part.change("HEAD")
    assert set(change.touched) == {"new", "run.sh"}
    assert set(change.untouched) == {"_commit.txt"}


def test_its_export_is_what_a_build_of_it_sees(part: GitRepository, git: Git, tmp_path: Path) -> None:
    part.export("HEAD", tmp_path / "out")
    assert [path.name for path in tmp_path.glob("out*")] == ["out"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["_commit.txt", "run.sh"]
    assert (tmp_path / "out" / "_commit.txt").read_text() == f"{git('rev-parse', 'HEAD')}\n"


def test_a_link_to_a_neighbour_leads_out_of_it(part: GitRepository, git: Git, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / "src" / "out").symlink_to("../README.md")
    git("add", "--all")
    git("commit", "--quiet", "--message", "A link to a neighbour")
    GitRepository(root, FakeEvidence(), {"PATH": os.environ["PATH"]}).export("HEAD", tmp_path / "whole")
    with pytest.raises(StepFailed, match="the link src/out leads outside"):
        part.export("HEAD", tmp_path / "part")
