"""Which target an environment has, and which engine it may have."""

from pathlib import Path
from typing import Literal

import pytest

from hotelctl.cli._target import engine_at, target_of
from hotelctl.cli._wiring import REHEARSAL, Asked, configure
from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from hotelctl.deploy.targets.either import EitherTarget
from tests.config.test_load import MINIMAL


def configuration(place: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> Configuration:
    (place / "hotelctl.toml").write_text(f'{MINIMAL}\n[environments.local]\ntarget = "{target}"\n')
    monkeypatch.chdir(place)
    return configure(Asked(None, "local"))


@pytest.mark.parametrize("target", ["process", "docker"])
def test_an_environment_serves_as_it_says_from_this_machines_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: Literal["process", "docker"]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/mine.sock")
    found = target_of(configuration(tmp_path, monkeypatch, target))
    assert isinstance(found, EitherTarget)
    assert found.wanted == target
    assert found.serving() is None
    assert not (tmp_path / ".hotelctl").exists()


@pytest.mark.parametrize("host", ["ssh://ops@db1.example.org", "tcp://10.0.0.1:2376"])
def test_an_engine_elsewhere_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    docker = configuration(tmp_path, monkeypatch, "docker")
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(UsageError, match=f"but DOCKER_HOST is {host}") as refusal:
        target_of(docker)
    assert refusal.value.hint == "run hotelctl on the machine of that engine, or unset DOCKER_HOST"
    assert target_of(configuration(tmp_path, monkeypatch, "process")).serving() is None


def test_an_engine_is_named_as_it_was_when_a_release_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/now.sock")
    assert engine_at(None).engine == "unix:///run/now.sock"
    assert engine_at("unix:///run/then.sock").engine == "unix:///run/then.sock"
    monkeypatch.delenv("DOCKER_HOST")
    assert engine_at(None).engine == "unix:///var/run/docker.sock"


def test_a_rehearsals_copy_is_a_process_whatever_the_environment_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REHEARSAL, "4711")
    copy = configuration(tmp_path, monkeypatch, "docker").environment
    assert (copy.target, copy.port) == ("process", 4711)
