import os
import tomllib
from pathlib import Path

from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._secrets import keep_out_of_git, kept, secrets_of_env_files
from hotelctl.config.environment import Environment
from hotelctl.config.load import Configuration, Source
from hotelctl.config.service import ServiceSpec
from tests.config.test_load import MINIMAL
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


def test_what_the_rules_search_for_is_hidden_whatever_environment_has_it(tmp_path: Path) -> None:
    rare, other = "kX9vv7qLw2pQ", "m4Zt8RbbW1cY"
    (tmp_path / ".env").write_text(f"API_TOKEN={rare}\nCOLOUR=purple-orange-yellow\nPIN_PASSWORD=1234\n")
    (tmp_path / ".env.production").write_text(
        f"NOTES_URL=postgresql://app:{other}@db.invalid/notes\nDB_PASSWORD=CHANGE_ME\n"
    )
    (tmp_path / "env.toml").write_text('schema = "hotelctl.env/1"\n[keys.NOTES_URL]\nsecret = true\n')
    spec = tomllib.loads(MINIMAL) | {
        "env": {"contract": "env.toml", "files": [".env", ".env.absent"]},
        "environments": {"production": {"profile": "production", "env_files": [".env.production"]}},
    }
    made = ServiceSpec.model_validate(spec)
    configuration = Configuration(made, "local", Environment(), tmp_path, Source("hotelctl.toml"), {})
    assert set(secrets_of_env_files(configuration)) == {rare, other}


def test_a_pipe_in_the_place_of_an_env_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    made = ServiceSpec.model_validate(tomllib.loads(MINIMAL) | {"env": {"files": [".env"]}})
    configuration = Configuration(made, "local", Environment(), tmp_path, Source("hotelctl.toml"), {})
    assert secrets_of_env_files(configuration) == ()
