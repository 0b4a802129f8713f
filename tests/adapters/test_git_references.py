"""Against git itself."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import UsageError
from tests.fakes.evidence import FakeEvidence
from tests.services.ssh_keys import made_key

pytestmark = pytest.mark.system

Git = Callable[..., str]
COMMIT = ("commit", "--quiet", "--allow-empty", "--message")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
    return {"PATH": os.environ["PATH"], "HOME": str(home)}


@pytest.fixture
def git(tmp_path: Path, environ: dict[str, str]) -> Git:
    """Runs git in a directory; `there` is a repository with one commit, `here` its clone."""

    def run(place: str, *words: str) -> str:
        done = subprocess.run(
            ["git", "-C", tmp_path / place, *words], env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run(".", "init", "--quiet", "--initial-branch=main", "there")
    run("there", *COMMIT, "first")
    run(".", "clone", "--quiet", "there", "here")
    return run


@pytest.fixture
def repository(tmp_path: Path, environ: dict[str, str], git: Git) -> GitRepository:
    assert git("here", "rev-parse", "HEAD")
    return GitRepository(tmp_path / "here", FakeEvidence(), environ)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key without a pass phrase; its public half lies beside it."""
    return made_key(tmp_path)


def test_the_base_is_the_remotes_own_branch_as_last_heard_of(repository: GitRepository, git: Git) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    git("here", "checkout", "--quiet", "-b", "feature")
    base = repository.base()
    assert base is not None
    assert (base.ref, base.behind) == ("origin/main", 0)
    assert base.heard_at is not None
    assert abs((base.heard_at - before).total_seconds()) < 60
    git("there", *COMMIT, "second")
    assert repository.base() == base
    git("here", "fetch", "--quiet")
    moved = repository.base()
    assert moved is not None
    assert (moved.behind, moved.heard_at is not None) == (1, True)


def test_it_tells_who_wrote_a_commit_that_the_clone_holds(repository: GitRepository, git: Git) -> None:
    assert repository.authors(git("here", "rev-parse", "HEAD")) == ("Ada", "ada@example.org")
    assert repository.authors("f" * 40) == ()
    assert repository.authors("--output=x") == ()


def test_it_knows_whether_there_is_another_repository(repository: GitRepository, git: Git) -> None:
    assert repository.has_remote()
    git("here", "remote", "remove", "origin")
    assert not repository.has_remote()


def test_without_a_remotes_own_branch_it_is_the_followed_one(repository: GitRepository, git: Git) -> None:
    git("here", "remote", "set-head", "origin", "--delete")
    base = repository.base()
    assert base is not None
    assert base.ref == "origin/main"
    git("here", "branch", "--unset-upstream")
    assert repository.base() is None


def test_tags_lead_to_commits_whatever_kind_they_are(repository: GitRepository, git: Git) -> None:
    git("here", "tag", "light")
    git("here", "tag", "--annotate", "--message", "x", "heavy")
    head = git("here", "rev-parse", "HEAD")
    assert repository.tagged() == {"light": head, "heavy": head}


def test_a_tag_without_signature_has_none(repository: GitRepository, git: Git) -> None:
    git("here", "tag", "light")
    git("here", "tag", "--annotate", "--message", "x", "heavy")
    light, heavy = repository.signature("light"), repository.signature("heavy")
    assert (light.annotated, light.signed, light.good) == (False, False, False)
    assert (heavy.annotated, heavy.signed, heavy.good) == (True, False, False)


def test_a_signature_is_good_by_trusted_keys_bad_when_forged_else_nobody_knows(
    repository: GitRepository, git: Git, key: Path, tmp_path: Path
) -> None:
    with_key = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}.pub")
    git("here", *with_key, "tag", "--sign", "--message", "hi", "v1")
    unknown = repository.signature("v1")
    assert (unknown.signed, unknown.good) == (True, None)
    assert "allowedSignersFile" in unknown.words
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    git("here", "config", "gpg.ssh.allowedSignersFile", str(allowed))
    assert repository.signature("v1").good is True
    forged = tmp_path / "forged"
    forged.write_text(git("here", "cat-file", "tag", "v1").replace("\nhi\n", "\nho\n") + "\n")
    git("here", "update-ref", "refs/tags/v2", git("here", "hash-object", "-t", "tag", "-w", str(forged)))
    bad = repository.signature("v2")
    assert (bad.signed, bad.good) == (True, False)


def test_a_program_that_the_repository_names_is_not_run(
    repository: GitRepository, git: Git, key: Path, tmp_path: Path
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    with_key = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}.pub")
    git("here", *with_key, "tag", "--sign", "--message", "hi", "v1")
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    (tmp_path / "allowed").write_text("")
    git("here", "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "allowed"))
    for setting in ("gpg.program", "gpg.ssh.program", "gpg.openpgp.program"):
        git("here", "config", setting, str(trap))
    assert repository.signature("v1").good is None
    assert not sprung.exists()


class TestChange:
    def written(self, tmp_path: Path, **files: str) -> None:
        for name, text in files.items():
            (tmp_path / "here" / name).write_text(text)

    def test_it_begins_where_both_parted_and_holds_what_is_not_committed(
        self, tmp_path: Path, git: Git, repository: GitRepository
    ) -> None:
        self.written(tmp_path, kept="1", edited="1", gone="1", later="1")
        git("here", "add", ".")
        git("here", *COMMIT, "base")
        base = git("here", "rev-parse", "HEAD")
        git("here", "branch", "target")
        git("here", "checkout", "--quiet", "-b", "work")
        self.written(tmp_path, edited="2", committed="1")
        git("here", "rm", "--quiet", "gone")
        git("here", "add", ".")
        git("here", *COMMIT, "change")
        git("here", "checkout", "--quiet", "target")
        self.written(tmp_path, elsewhere="1", kept="2")
        git("here", "add", ".")
        git("here", *COMMIT, "what others did meanwhile")
        git("here", "checkout", "--quiet", "work")
        self.written(tmp_path, later="2", new="1", secret="1")
        (tmp_path / "here" / ".gitignore").write_text("secret\n")
        found = repository.change("target")
        assert found.base == base
        assert found.touched == {"edited", "committed", "gone", "later", "new", ".gitignore"}
        assert found.untouched == {"kept"}
        assert found.commits == {git("here", "rev-parse", "work")}

    def test_a_name_that_nobody_knows_is_refused_with_a_remedy(self, repository: GitRepository) -> None:
        for ref in ("nowhere", "--output=x", "HEAD^{tree}"):
            with pytest.raises(UsageError, match="this clone knows no such commit") as refused:
                repository.change(ref)
            assert "git fetch" in refused.value.hint

    def test_a_shallow_clone_that_cannot_know_says_how_to_mend_it(
        self, tmp_path: Path, git: Git, environ: dict[str, str]
    ) -> None:
        git("there", *COMMIT, "second")
        git("there", "checkout", "--quiet", "-b", "work", "HEAD^")
        git("there", *COMMIT, "change")
        git(".", "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{tmp_path}/there", "shallow")
        repository = GitRepository(tmp_path / "shallow", FakeEvidence(), environ)
        with pytest.raises(UsageError, match="this clone is shallow") as refused:
            repository.change("origin/main")
        assert refused.value.hint.startswith("git fetch --unshallow")

    def test_a_history_of_its_own_has_no_base(self, git: Git, repository: GitRepository) -> None:
        git("here", "checkout", "--quiet", "--orphan", "other")
        git("here", *COMMIT, "alone")
        with pytest.raises(UsageError, match="have no commit in common"):
            repository.change("main")

    def test_it_is_evidence(self, tmp_path: Path, git: Git, environ: dict[str, str]) -> None:
        assert git("here", "status", "--short") == ""
        evidence = FakeEvidence()
        GitRepository(tmp_path / "here", evidence, environ).change("origin/main")
        (record,) = evidence.of("git")
        assert (record["operation"], record["ref"], record["touched"]) == ("change", "origin/main", 0)
