import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hotelctl.config.pinned import pin
from hotelctl.config.service import Smoke
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Completed
from hotelctl.core.work import Place
from hotelctl.facts.smoke_run import SmokeRun
from tests.probes.worlds import SERVING, STATE, URL, FakeWork, World

SMOKE = {
    "prepare": ["prepare"],
    "cleanup": ["cleanup"],
    "workflow": [
        {"name": "page", "step": [{"request": "GET /page/{thing}"}]},
        {"name": "other", "step": [{"request": "GET /other"}]},
    ],
}


class Chores:
    """What prepares and cleans up; `refuse` is why nothing could be prepared."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Path, Mapping[str, str], str | None]] = []
        self.refuse = ""

    def smoke_variables(self, place: Place, command: Sequence[str]) -> dict[str, str]:
        self.calls.append((command[0], place.venv, place.env, place.database_url))
        if self.refuse:
            raise StepFailed(self.refuse)
        return {"thing": "7"}

    def smoke_program(
        self, place: Place, command: Sequence[str], url: str, timeout_s: float, *, stdin: str | None
    ) -> Completed:
        assert (command[0], place.venv, url, timeout_s, stdin) == (
            "outside",
            STATE / "releases/r1/venv",
            SERVING.url,
            60,
            None,
        )
        said = '{"results": [{"name": "P9", "status": "PASS", "why": "", "seconds": 0.1, "requests": 3}]}'
        return Completed(tuple(command), 0, said, "", timed_out=False, duration_s=0.1, evidence="ev-2")

    def smoke_cleanup(self, place: Place, command: Sequence[str], variables: Mapping[str, str]) -> Completed:
        assert variables == ({} if self.refuse else {"thing": "7"})
        self.calls.append((command[0], place.venv, place.env, place.database_url))
        return Completed(tuple(command), 0, "", "", timed_out=False, duration_s=0.1, evidence="ev-1")


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch) -> Chores:
    made = Chores()
    for name in ("smoke_variables", "smoke_cleanup"):
        monkeypatch.setattr(FakeWork, name, getattr(made, name), raising=False)
    return made


@pytest.fixture
def world() -> World:
    made = World(smoke=SMOKE)
    made.serving = SERVING
    made.write(".hotelctl/local/releases/r1/env.json", json.dumps({"MODE": "live"}))
    made.http.answer("GET", f"{SERVING.url}/page/7", 200)
    made.http.answer("GET", f"{SERVING.url}/other", 500)
    return made


def test_every_workflow_runs_through_the_edge_with_the_environment_of_what_serves(
    world: World, chores: Chores
) -> None:
    fact = world.fact(SmokeRun)
    assert fact.url == SERVING.url
    assert [(one.name, one.why) for one in fact.results] == [
        ("page", ""),
        ("other", "GET /other: answered 500, declared is 200"),
    ]
    venv = STATE / "releases/r1/venv"
    assert chores.calls == [
        ("prepare", venv, {"MODE": "live"}, URL),
        ("cleanup", venv, {"MODE": "live"}, URL),
    ]


def test_what_cannot_be_prepared_is_unknown_and_cleaned_up_all_the_same(world: World, chores: Chores) -> None:
    chores.refuse = "smoke prepare exited 1: no table"
    assert world.why_not(SmokeRun) == "Unavailable: smoke prepare exited 1: no table"
    assert [call[0] for call in chores.calls] == ["prepare", "cleanup"]
    assert world.http.requests == []


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_without_its_environment_nothing_is_asked(world: World, chores: Chores, content: str | None) -> None:
    path = STATE / "releases/r1/env.json"
    world.files.remove(path)
    if content is not None:
        world.files.write_durable(path, content.encode())
    assert world.why_not(SmokeRun) == "Unavailable: the environment of the serving release cannot be read"
    assert chores.calls == []


def test_outside_services_are_asked_on_request(
    world: World, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = {"name": "outside", "run": ["outside"], "external": True}
    monkeypatch.setattr(FakeWork, "smoke_program", chores.smoke_program, raising=False)
    spec = world.spec.model_copy(update={"smoke": Smoke.model_validate({**SMOKE, "command": [program]})})
    world.write(".hotelctl/local/releases/r1/service.json", pin(spec).decode())
    assert [one.name for one in world.fact(SmokeRun).results] == ["page", "other"]
    world.with_external = True
    assert [one.name for one in world.fact(SmokeRun).results] == ["page", "other", "P9"]


def test_how_it_is_asked_must_be_readable(world: World, chores: Chores) -> None:
    world.write(".hotelctl/local/releases/r1/service.json", "{")
    assert "service.json is damaged" in world.why_not(SmokeRun)
    assert chores.calls == []


def test_where_no_program_asks_outside_services_that_cannot_be_had(world: World, chores: Chores) -> None:
    world.with_external = True
    assert world.why_not(SmokeRun) == (
        "Unavailable: --with-external: the release that serves has no program that asks outside services"
    )
    assert chores.calls == []


def test_where_nothing_serves_the_question_does_not_arise(world: World, chores: Chores) -> None:
    world.serving = None
    assert world.why_not(SmokeRun) == "NotApplicable: nothing is deployed here yet"
    assert chores.calls == []


def test_without_workflows_nothing_is_known(chores: Chores) -> None:
    world = World()
    world.serving = SERVING
    assert world.why_not(SmokeRun) == "Unavailable: the service file declares no smoke workflow"
    assert chores.calls == []
