"""`hotelctl validate --staged`, as a commit hook runs it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_validate import reports, run
from tests.services.checkout import commit_all, git, plain_checkout

pytestmark = pytest.mark.system
_LEAK = 'TOKEN = "ghp_' + "a1B2c3D4" * 4 + 'e5F6"\n'
_OWN = "Tr0ub4dor-and-three-more-words"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = plain_checkout(tmp_path)
    (place / ".env.local").write_text(f"SESSION_SECRET={_OWN}\n")
    (place / ".env.local").chmod(0o600)
    return place


def _words(project: Path, *flags: str, code: int) -> str:
    done = run(project, "validate", "--staged", *flags)
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join(done.stdout.split())


def test_what_is_staged_counts_and_what_only_lies_here_does_not(project: Path) -> None:
    (project / "plainsvc/here.py").write_text(_LEAK)
    (project / "plainsvc/staged.py").write_text(_LEAK)
    git(project, "add", "plainsvc/staged.py")
    # What lies here now is not what the next commit brings.
    (project / "plainsvc/staged.py").write_text("TOKEN = None\n")
    words = _words(project, code=1)
    assert "plainsvc/staged.py: github-pat" in words
    assert "plainsvc/here.py" not in words
    git(project, "add", "plainsvc/staged.py")
    assert "plainsvc" not in _words(project, code=0)


def test_a_secret_of_an_earlier_commit_holds_no_other_commit_up(project: Path) -> None:
    (project / "plainsvc/old.py").write_text(_LEAK + f'SECRET = "{_OWN}"\n')
    commit_all(project, "A mistake of before")
    (project / "README.md").write_text("# Other words\n")
    git(project, "add", "README.md")
    assert "old.py" not in _words(project, code=0)
    assert "old.py" in run(project, "validate", "--only", "SEC003").stdout


def test_a_secret_in_an_old_log_holds_no_commit_up(project: Path) -> None:
    log = project / ".hotelctl/local/releases/r1/log/service.log"
    log.parent.mkdir(parents=True)
    log.write_text(_OWN)
    (project / "README.md").write_text("# Other words\n")
    git(project, "add", "README.md")
    assert "service.log" not in _words(project, code=0)
    assert "service.log" in run(project, "validate", "--only", "SEC006").stdout


def test_the_services_own_secret_is_found_also_in_an_env_file_that_is_staged(project: Path) -> None:
    git(project, "add", "--force", ".env.local")
    words = _words(project, "--only", "SEC003", code=1)
    assert ".env.local: the value of SESSION_SECRET of .env.local stands here, line 1" in words


def test_nothing_staged_is_no_question_and_what_has_more_to_ask_is_refused(project: Path) -> None:
    assert "nothing is staged" in _words(project, "--verbose", code=0)
    before = reports(project)
    for flags, said in (
        (("--only", "OPS001"), "--staged: OPS001 judges more than what is staged"),
        (("--only", "SEC003", "--since", "main"), "--staged and --since name two changes"),
    ):
        done = run(project, "validate", "--staged", *flags)
        assert (done.returncode, reports(project)) == (2, before)
        assert said in done.stderr


@pytest.mark.parametrize("how", [("--all",), ("--include", "README.md"), ("--only", "README.md")])
def test_a_hook_judges_the_commit_that_is_made_and_keeps_it_from_being_made(
    project: Path, how: tuple[str, ...]
) -> None:
    root = Path(__file__).parents[2]
    hook = project / ".git/hooks/pre-commit"
    command = f"PYTHONPATH={root} {sys.executable} -m hotelctl validate --only SEC003 --staged --quiet"
    hook.write_text(f"#!/bin/sh\nexec env {command}\n")
    hook.chmod(0o755)
    head = git(project, "rev-parse", "HEAD")
    clean = (project / "README.md").read_text()
    # The index stays clean: git makes one of its own for this commit.
    (project / "README.md").write_text(f"{clean}\n{_OWN}\n")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        git(project, "commit", "--quiet", "--message", "A mistake", *how)
    assert "README.md: the value of SESSION_SECRET" in " ".join(
        f"{refused.value.stdout}{refused.value.stderr}".split()
    )
    assert git(project, "rev-parse", "HEAD") == head
    (project / "README.md").write_text(f"{clean}\nGood.\n")
    git(project, "commit", "--quiet", "--message", "Good", *how)
    assert git(project, "rev-parse", "HEAD") != head


def test_a_part_of_a_repository_is_judged_by_its_own_names(project: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    (whole / "part").mkdir(parents=True)
    git(whole, "init", "--quiet")
    shutil.copytree(project, whole / "part", ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    commit_all(whole, "Begin")
    for name in ("part/plainsvc/a b.py", "elsewhere.py"):
        (whole / name).write_text(_LEAK)
        git(whole, "add", name)
    words = _words(whole / "part", "--service", "hotelctl.toml", code=1)
    assert "plainsvc/a b.py: github-pat" in words
    assert "elsewhere.py:" not in words


def test_no_report_shows_a_value_that_is_secret_by_its_name_alone(project: Path) -> None:
    (project / f"{_OWN}.txt").touch()
    git(project, "add", "--all")
    done = run(project, "validate", "--staged", "--only", "SEC003", "--verbose")
    written = [path.read_bytes() for path in (project / "reports").rglob("*") if path.is_file()]
    assert written
    assert not any(_OWN.encode() in one for one in (*written, done.stdout.encode(), done.stderr.encode()))


def test_before_the_first_commit_all_that_is_staged_is_new(project: Path) -> None:
    shutil.rmtree(project / ".git")
    git(project, "init", "--quiet")
    (project / "plainsvc/staged.py").write_text(_LEAK)
    (project / "plainsvc/here.py").write_text(_LEAK)
    git(project, "add", "plainsvc/staged.py")
    words = _words(project, code=1)
    assert "plainsvc/staged.py: github-pat" in words
    assert "plainsvc/here.py" not in words
    git(project, "rm", "--quiet", "--cached", "plainsvc/staged.py")
    git(project, "add", "plainsvc/notes.py")
    assert "plainsvc" not in _words(project, code=0)
    assert "has no commit yet" in run(project, "validate", "--only", "SEC003").stderr


def test_the_report_of_a_hook_is_kept_and_latest_stays_at_the_one_before(project: Path) -> None:
    run(project, "validate", "--only", "SEC003")
    latest, before = (project / "reports/latest").readlink(), reports(project)
    (project / "README.md").write_text("# Other words\n")
    git(project, "add", "README.md")
    _words(project, code=0)
    assert (project / "reports/latest").readlink() == latest
    (one,) = set(reports(project)) - set(before)
    assert run(project, "report", "verify", str(one)).returncode == 0
