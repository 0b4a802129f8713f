from pathlib import Path

from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._secrets import keep_out_of_git, kept
from tests.fakes.evidence import FakeEvidence
from tests.services.checkout import git


def files(place: Path) -> LocalFiles:
    return LocalFiles(FakeEvidence(), place)


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "role"
    made = kept(path, files(tmp_path), keep=True)
    assert len(made) >= 40
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept(path, files(tmp_path), keep=True) == kept(path, files(tmp_path), keep=False) == made


def test_no_two_are_alike(tmp_path: Path) -> None:
    made = {kept(tmp_path / str(n), files(tmp_path), keep=True) for n in range(20)}
    assert len(made) == 20


def test_what_shall_not_be_kept_leaves_nothing(tmp_path: Path) -> None:
    made = {kept(tmp_path / "deep" / "key", files(tmp_path), keep=False) for _ in range(2)}
    assert len(made) == 2
    assert list(tmp_path.iterdir()) == []


def test_no_evidence_holds_it(tmp_path: Path) -> None:
    evidence = FakeEvidence()
    made = kept(tmp_path / "key", LocalFiles(evidence, tmp_path), keep=True)
    assert evidence.records
    assert made not in str(evidence.records)


def test_git_never_looks_into_the_state_and_a_changed_ignore_file_stays(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    state = tmp_path / ".hotelctl"
    keep_out_of_git(state, files(tmp_path))
    kept(state / "key", files(tmp_path), keep=True)
    assert git(tmp_path, "status", "--porcelain") == ""
    (state / ".gitignore").write_text("*\n# mine\n")
    keep_out_of_git(state, files(tmp_path))
    assert (state / ".gitignore").read_text() == "*\n# mine\n"
