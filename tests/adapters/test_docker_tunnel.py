"""How `ssh` is asked for an engine's socket, and what is said where it does not come there."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hotelctl.adapters import docker_tunnel
from hotelctl.adapters.docker_tunnel import Tunnels, arguments
from hotelctl.core.errors import Unavailable


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("ssh://host", ["-L", "/s:/var/run/docker.sock", "--", "host"]),
        ("ssh://ops@host:2222", ["-p", "2222", "-l", "ops", "-L", "/s:/var/run/docker.sock", "--", "host"]),
        ("ssh://host/run/user/1000/docker.sock", ["-L", "/s:/run/user/1000/docker.sock", "--", "host"]),
        ("ssh://-oProxyCommand=x", ["--", "-oProxyCommand=x"]),
        ("ssh://ops@Harbour-1:22", ["-L", "/s:/var/run/docker.sock", "--", "Harbour-1"]),
        ("ssh://ops@[fe80::1]:22", ["-L", "/s:/var/run/docker.sock", "--", "fe80::1"]),
    ],
)
def test_the_address_becomes_words_that_no_option_hides_in(host: str, words: list[str]) -> None:
    found = arguments(host, Path("/s"))
    assert list(found[:-1])[-len(words) :] == words
    assert {"BatchMode=yes", "ExitOnForwardFailure=yes", "ControlPath=none"} <= {*found}


@pytest.mark.parametrize("host", ["ssh://", "ssh://host:many"])
def test_what_is_no_address_is_refused(host: str) -> None:
    with pytest.raises(Unavailable, match="DOCKER_HOST is ssh://"):
        arguments(host, Path("/s"))


def _program(place: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = place / "ssh"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


def test_what_ssh_said_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, monkeypatch, "echo 'ops@host: Permission denied (publickey).' >&2; exit 255")
    with pytest.raises(Unavailable, match=r"ssh does not come to ssh://ops@host: .*Permission denied"):
        Tunnels().environment({"DOCKER_HOST": "ssh://ops@host"})


@pytest.mark.parametrize("host", ["ssh://host:many", "ssh://host"])
def test_of_one_that_does_not_come_there_nothing_is_left(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, "exit 255")
    left = _temporary(tmp_path, monkeypatch)
    with pytest.raises(Unavailable):
        Tunnels().environment({"DOCKER_HOST": host})
    assert list(left.iterdir()) == []


def test_of_one_that_nobody_waits_for_any_longer_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    _program(tmp_path, monkeypatch, "exec cat >/dev/null")
    left = _temporary(tmp_path, monkeypatch)
    monkeypatch.setattr(docker_tunnel._Tunnel, "_require_up", ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        Tunnels().environment({"DOCKER_HOST": "ssh://host"})
    assert list(left.iterdir()) == []


_HELD = """import sys
from hotelctl.adapters.docker_tunnel import Tunnels
print(Tunnels().environment({"DOCKER_HOST": "ssh://host"})["DOCKER_HOST"], flush=True)
sys.stdin.read()
"""


def test_what_a_killed_command_left_is_gone_after_the_next_and_one_that_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, "echo hotelctl; exec cat >/dev/null")
    left = _temporary(tmp_path, monkeypatch)
    monkeypatch.setenv("TMPDIR", str(left))
    words = [sys.executable, "-c", _HELD]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip().removeprefix("unix://")).parent
        tunnels = Tunnels()
        try:
            tunnels.environment({"DOCKER_HOST": "ssh://host"})
            assert theirs.is_dir()
            assert len(list(left.iterdir())) == 2
            other.kill()
            other.wait()
            assert theirs.is_dir()
            tunnels.environment({"DOCKER_HOST": "ssh://host2"})
            assert not theirs.exists()
            assert len(list(left.iterdir())) == 2
        finally:
            tunnels.end()


def _temporary(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    left = place / "left"
    left.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(left))
    return left


def test_one_ssh_serves_all_who_ask_and_one_that_ended_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, f"echo $$ >>{tmp_path}/begun; echo hotelctl; exec cat >/dev/null")
    tunnels = Tunnels()
    try:
        asked = {"DOCKER_HOST": "ssh://host", "OTHER": "1"}
        first = tunnels.environment(asked)
        assert first == tunnels.environment(asked)
        assert first["DOCKER_HOST"].startswith("unix://")
        assert first["OTHER"] == "1"
        number = int((tmp_path / "begun").read_text())
        os.kill(number, 9)
        while tunnels.environment(asked) == first:
            pass
        assert len((tmp_path / "begun").read_text().split()) == 2
    finally:
        tunnels.end()
    assert not Path(first["DOCKER_HOST"].removeprefix("unix://")).parent.exists()


def test_another_engine_needs_no_ssh() -> None:
    asked = {"DOCKER_HOST": "unix:///run/docker.sock"}
    assert Tunnels().environment(asked) == asked
    assert Tunnels().environment({}) == {}
