from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.config.pinned import pin
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import StepFailed
from hotelctl.core.work import Place
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.rehearsal import old_release_on
from hotelctl.deploy.release import Release
from tests.deploy.town import LIVE, SPEC, Town
from tests.deploy.town_command import Command
from tests.fakes.http import FakeHttp
from tests.fakes.instances import FakeInstances

FORMER = Release("r1", "1.0", "c" * 40, "artifact/x.whl", "0", "0001", {})
COPY = "postgresql://owner@db.invalid/copy"
BASE = "http://127.0.0.1:40001"
RUN = {
    "command": [
        "{venv}/bin/serve",
        "{port}",
        "--in",
        "{release}",
        "--at",
        "{state}/{environment}/{public_url}",
    ],
    "ready_timeout_s": 3,
}


class Scene:
    """A former release over an HTTP server that answers as prepared, and a copy of its database."""

    def __init__(self, **changes: Any) -> None:  # noqa: ANN401 - tables of the service file
        self.town = Town()
        self.town.databases.create(LIVE, "copy")
        self.instances, self.http = FakeInstances(), FakeHttp()
        operation = Command(self.town).operation("d2", "d" * 40)
        spec = type(operation.configuration.spec).model_validate({**SPEC, "run": RUN, **changes})
        self.operation: Operation = replace(
            operation,
            configuration=replace(operation.configuration, spec=spec),
            world=replace(operation.world, instances=self.instances, http=self.http),
            release_env=self._env,
        )

    def _env(self, release_id: str) -> Mapping[str, str]:
        return {"DATABASE_URL": "postgresql://owner@db.invalid/live", "OF": release_id}


def test_the_old_release_is_started_and_asked_as_when_it_was_built() -> None:
    scene = Scene()
    health = {"live": "/live", "ready": "/old", "version": "/version"}
    own = {**SPEC, "run": {"command": ["old-serve", "{port}"]}, "health": health}
    path = scene.operation.layout.pinned("r1")
    scene.town.files.write_durable(path, pin(ServiceSpec.model_validate(own)))
    old_release_on(scene.operation, FORMER, COPY)
    (started,) = scene.instances.started
    assert started.argv == ("old-serve", "40001")
    assert started.ready_url == f"{BASE}/old"


def test_the_old_release_runs_its_workflows_on_the_copy_and_ends() -> None:
    scene = Scene()
    scene.http.answer("GET", f"{BASE}/page", 200)
    (result,) = old_release_on(scene.operation, FORMER, COPY)
    assert (result.name, result.passed) == ("page", True)
    assert result.evidence
    (started,) = scene.instances.started
    place = scene.operation.layout.release("r1")
    assert started.argv == (
        f"{place}/venv/bin/serve",
        "40001",
        "--in",
        str(place),
        "--at",
        f"{scene.operation.layout.state}/local/http://127.0.0.1:8080",
    )
    assert (started.cwd, started.ready_url) == (place, f"{BASE}/ready")
    assert started.env == {"DATABASE_URL": COPY, "OF": "r1"}
    assert scene.instances.alive == 0


def test_it_enters_the_copy_by_the_run_time_role() -> None:
    scene = Scene(database={"url_env": "DATABASE_URL", "runtime_role": "app"})
    scene.http.answer("GET", f"{BASE}/page", 200)
    old_release_on(scene.operation, FORMER, COPY)
    assert scene.instances.started[0].env["DATABASE_URL"] == "postgresql://app:role@db.invalid/copy"
    assert scene.town.databases.at(COPY).logins == {"app": "role"}


def test_a_service_without_a_database_keeps_its_environment() -> None:
    scene = Scene(database=None)
    scene.http.answer("GET", f"{BASE}/page", 200)
    old_release_on(scene.operation, FORMER, COPY)
    assert scene.instances.started[0].env["DATABASE_URL"].endswith("/live")


def test_an_answer_that_is_not_as_declared_is_the_result_and_no_error() -> None:
    scene = Scene()
    scene.http.answer("GET", f"{BASE}/page", 500)
    (result,) = old_release_on(scene.operation, FORMER, COPY)
    assert result.why == "GET /page: answered 500, declared is 200"
    assert scene.instances.alive == 0


def test_a_release_that_does_not_start_there_is_refused_with_its_words() -> None:
    scene = Scene()
    scene.instances.refuse = "column name does not exist"
    with pytest.raises(StepFailed, match=r"not ready within 3 s: column name does not exist"):
        old_release_on(scene.operation, FORMER, COPY)


def test_without_a_workflow_nothing_is_proven_and_nothing_started() -> None:
    scene = Scene(smoke={})
    with pytest.raises(StepFailed, match=r"class C: .* no smoke workflow shows") as refused:
        old_release_on(scene.operation, FORMER, COPY)
    assert "[[smoke.workflow]]" in refused.value.hint
    assert scene.instances.started == []


def test_chores_that_fail_leave_no_instance_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    page = {"name": "page", "step": [{"request": "GET /page"}]}
    scene = Scene(smoke={"prepare": ["prepare"], "workflow": [page]})

    def fails(_place: Place, _command: Sequence[str]) -> Mapping[str, str]:
        raise StepFailed("no account could be made")

    monkeypatch.setattr(scene.operation.world.work, "smoke_variables", fails)
    with pytest.raises(StepFailed, match="no account could be made"):
        old_release_on(scene.operation, FORMER, COPY)
    assert scene.instances.alive == 0
