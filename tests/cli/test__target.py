"""Which target an environment has, and which engine it may have."""

from pathlib import Path
from typing import Literal

import pytest

from hotelctl.cli._target import engine_at, target_of
from hotelctl.cli._wiring import REHEARSAL, Asked, configure
from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.either import EitherTarget
from hotelctl.deploy.targets.far_front import FarFront
from hotelctl.deploy.targets.far_record import FarRecord
from hotelctl.deploy.targets.places import Places
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
def test_an_engine_elsewhere_serves_by_an_edge_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    docker = configuration(tmp_path, monkeypatch, "docker")
    monkeypatch.setenv("DOCKER_HOST", host)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    found = target_of(docker)
    assert isinstance(found, DockerTarget)
    assert isinstance(found.edge, FarFront)
    assert target_of(configuration(tmp_path, monkeypatch, "process")).serving() is None
    assert not (tmp_path / ".hotelctl").exists()


def test_an_engine_that_everybody_may_ask_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = configuration(tmp_path, monkeypatch, "docker")
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2375")
    monkeypatch.delenv("DOCKER_TLS_VERIFY", raising=False)
    with pytest.raises(UsageError, match="whoever reaches that port is root there") as refusal:
        target_of(docker)
    assert refusal.value.hint.startswith("DOCKER_TLS_VERIFY=1 with DOCKER_CERT_PATH")


def test_an_engine_that_is_known_from_before_is_not_asked_in_the_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DOCKER_HOST", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match=r"tcp://10\.0\.0\.1:2376 without DOCKER_TLS_VERIFY") as refusal:
        engine_at("tcp://10.0.0.1:2376")
    assert refusal.value.hint.startswith("DOCKER_TLS_VERIFY=1 with DOCKER_CERT_PATH")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    assert engine_at("tcp://10.0.0.1:2376").engine == "tcp://10.0.0.1:2376"


def test_what_serves_from_one_engine_is_not_looked_for_on_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = configuration(tmp_path, monkeypatch, "docker")
    places = Places(tmp_path / ".hotelctl" / "local")
    places.make()
    FarRecord("ssh://ops@one.example.org", "edge", 8080).store(places)
    for host in ("ssh://ops@two.example.org", "unix:///run/mine.sock"):
        monkeypatch.setenv("DOCKER_HOST", host)
        with pytest.raises(
            UsageError, match=r"serves from the engine ssh://ops@one\.example\.org"
        ) as refusal:
            target_of(docker)
        assert refusal.value.hint.startswith("DOCKER_HOST=ssh://ops@one.example.org")
    monkeypatch.setenv("DOCKER_HOST", "ssh://ops@one.example.org")
    assert isinstance(target_of(docker), DockerTarget)


def test_what_serves_from_this_machine_does_not_move_to_an_engine_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = configuration(tmp_path, monkeypatch, "docker")
    places = Places(tmp_path / ".hotelctl" / "local")
    places.make()
    places.active.write_text("127.0.0.1:20001")
    monkeypatch.setenv("DOCKER_HOST", "ssh://ops@one.example.org")
    with pytest.raises(UsageError, match="the environment serves from this machine"):
        target_of(docker)


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
