"""Chores of a service of its own words: found, listed, prepared for whoever does them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hotelctl.cli import _chores
from hotelctl.cli._wiring import Asked, Wiring
from hotelctl.config.load import load
from hotelctl.config.service import Chore
from hotelctl.core.errors import UsageError
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.targets.process import ProcessTarget

_CHORES = """
[chores.count]
command = ["{venv}/bin/python", "-c", "import sys; print(sys.argv[1:])"]
help = "counts"

[chores.serve]
command = ["{venv}/bin/python", "--state={state}", "--at={public_url}"]
help = "serves"
role = "runtime"
"""
_PLAIN = Path(__file__).parents[1] / "services" / "plain" / "hotelctl.toml"


@dataclass(frozen=True)
class _Wired:
    """What a chore needs of the wiring."""

    configuration: Any
    layout: Layout
    database_url: str | None = "postgresql://owner@db.example/x"
    public_url: str = "http://127.0.0.1:8080"

    def release_env(self) -> dict[str, str]:
        return {"NOTES_DATABASE_URL": "postgresql://role@db.example/x", "SETTING": "1"}


@pytest.fixture
def wiring(tmp_path: Path) -> _Wired:
    file = tmp_path / "hotelctl.toml"
    file.write_text(_PLAIN.read_text(encoding="utf-8") + _CHORES, encoding="utf-8")
    configuration = load(tmp_path, file, "local")
    return _Wired(configuration, Layout(tmp_path / "state"))


def _prepared(wiring: _Wired, name: str, *words: str) -> _chores.Program:
    chore: Chore = wiring.configuration.spec.chores[name]
    return _chores.prepared(cast("Wiring", wiring), name, chore, words)


def test_every_chore_is_listed_with_what_it_does(wiring: _Wired) -> None:
    assert list(_chores.listed(wiring.configuration).shown) == [
        {"chore": "count", "does": "counts"},
        {"chore": "serve", "does": "serves"},
    ]


def test_without_a_release_it_is_done_by_this_python_with_the_callers_words(wiring: _Wired) -> None:
    program = _prepared(wiring, "count", "--all", "x y")
    assert program.argv[0] == f"{sys.prefix}/bin/python"
    assert program.argv[-2:] == ("--all", "x y")
    assert program.env["SETTING"] == "1"
    assert program.env["PATH"] == os.environ["PATH"]
    assert "PYTHONSAFEPATH" not in program.env


def test_the_owners_database_is_for_chores_and_the_roles_for_what_serves(wiring: _Wired) -> None:
    assert _prepared(wiring, "count").env["NOTES_DATABASE_URL"] == "postgresql://owner@db.example/x"
    serving = _prepared(wiring, "serve")
    assert serving.env["NOTES_DATABASE_URL"] == "postgresql://role@db.example/x"
    assert serving.argv[1:] == (f"--state={wiring.layout.state}", "--at=http://127.0.0.1:8080")
    alone = _prepared(replace(wiring, database_url=None), "count")
    assert alone.env["NOTES_DATABASE_URL"] == "postgresql://role@db.example/x"


def test_what_serves_does_it_with_its_own_code(wiring: _Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setattr(ProcessTarget, "serving", lambda _: SimpleNamespace(id="r1"))
    program = _prepared(wiring, "count")
    assert program.argv[0] == str(wiring.layout.venv("r1") / "bin" / "python")
    assert program.env["PYTHONSAFEPATH"] == "1"
    assert "PYTHONPATH" not in program.env


def test_a_chore_that_there_is_not_names_those_that_there_are(
    wiring: _Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_chores, "configure", lambda _: wiring.configuration)
    with pytest.raises(UsageError, match="has no chore fly") as refused:
        _chores.perform(Asked(None, "local"), "fly", [])
    assert "count, serve" in str(refused.value.hint)


@pytest.mark.system
def test_its_words_its_output_and_its_exit_code_are_the_commands_own(tmp_path: Path) -> None:
    said = "import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(7)"
    chores = f'\n[chores.say]\ncommand = ["{{python}}", "-c", "{said}"]\nhelp = "says"\n'
    (tmp_path / "hotelctl.toml").write_text(_PLAIN.read_text(encoding="utf-8") + chores, encoding="utf-8")
    (tmp_path / "env.toml").write_text('schema = "hotelctl.env/1"', encoding="utf-8")
    command = [sys.executable, "-m", "hotelctl", "service", "say", "--help", "--service", "x"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False, timeout=60)
    assert done.returncode == 7, done.stderr
    assert json.loads(done.stdout) == ["--help", "--service", "x"]
