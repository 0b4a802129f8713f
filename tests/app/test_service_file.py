"""How the deploying side sees the service: what service.toml names exists and its smoke requests hold."""

import re
import tomllib
from pathlib import Path
from string import Template
from typing import Any

import httpx
import pytest

from hotelctl.app import contract
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.external.directory import Directory

_ROOT = Path(__file__).parents[2]
_FILE = tomllib.loads((_ROOT / "hotelctl" / "app" / "service.toml").read_text(encoding="utf-8"))


def test_all_that_the_artifact_must_hold_exists() -> None:
    for pattern in _FILE["build"]["package_data"]:
        assert list(_ROOT.glob(pattern)), pattern
    held = {path for pattern in _FILE["build"]["package_data"] for path in _ROOT.glob(pattern)}
    data = {
        path
        for path in (_ROOT / "hotelctl" / "app").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert data <= held


def test_files_and_modules_exist() -> None:
    assert (_ROOT / _FILE["env"]["contract"]).is_file()
    assert (_ROOT / _FILE["env"]["example"]).is_file()
    assert (_ROOT / _FILE["migrations"]["directory"]).is_dir()
    commands = [_FILE["run"]["command"], *_FILE["run"]["prepare"], _FILE["migrations"]["command"]]
    programs = [program["run"] for program in _FILE["smoke"]["command"]]
    for command in [*commands, *programs, *(_FILE["smoke"]["carry"][act] for act in ("issue", "check"))]:
        module = _ROOT.joinpath(*command[2].split("."))
        assert module.with_suffix(".py").is_file() or (module / "__main__.py").is_file()


def test_what_a_deploy_runs_loads_no_plugin_that_the_tests_of_the_service_do_not_use() -> None:
    command = _FILE["tests"]["command"]
    assert command[command.index("no:schemathesis") - 1] == "-p"
    sources = (path.read_text(encoding="utf-8") for path in (_ROOT / "tests/app").rglob("*.py"))
    assert not any(re.search(r"^(import|from) schemathesis", text, re.MULTILINE) for text in sources)


def test_what_the_release_is_given_is_in_the_contract() -> None:
    assert set(_FILE["run"]["env"]) | {_FILE["database"]["url_env"], _FILE["tests"]["database_env"]} <= set(
        contract.variables()
    )


def test_every_outside_service_is_named_with_its_own_variable_and_address() -> None:
    named = _FILE["external"]
    contacts = Directory(ExternalSettings.model_validate({})).contacts
    assert {name: said["variable"] for name, said in named.items()} == {
        one.name: one.variable for one in contacts
    }
    known = contract.variables()
    for said in named.values():
        urls = [said["url"]] if isinstance(said["url"], str) else said["url"]
        assert {name for url in urls for name in Template(url).get_identifiers()} <= set(known)
        module, group, action, *tries, flag, names = said["check"][2:]
        assert (_ROOT / f"{module.replace('.', '/')}.py").is_file()
        assert (group, action, flag, names) == ("services", "check", "--only", "{services}")
        assert said.get("webhook", {}).get("variable", "STRIPE_WEBHOOK_SECRET") in known
        assert said["away"].keys() <= set(known), "each can be put out of reach"
        assert tries == ["--tries", "3"], "as many as EXT004 needs"


def _at(body: Any, path: str) -> Any:  # noqa: ANN401 - JSON
    for part in path.split("."):
        body = body[part]
    return body


@pytest.mark.database
@pytest.mark.anyio
async def test_every_smoke_request_holds(client: httpx.AsyncClient) -> None:
    steps = 0
    for workflow in _FILE["smoke"]["workflow"]:
        for step in workflow["step"]:
            method, path = step["request"].split()
            answer = await client.request(method, path, headers=step["headers"])
            assert answer.status_code == step["status"], (workflow["name"], step)
            assert all(_at(answer.json(), path) == value for path, value in step["expect"].items())
            steps += 1
    assert steps == 2
