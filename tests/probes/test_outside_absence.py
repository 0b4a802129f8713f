import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Completed
from hotelctl.core.work import Place
from hotelctl.facts.outside_absence import Absentees, OutsideAbsence
from hotelctl.facts.outside_services import OutsideServices
from tests.fakes.evidence import FakeEvidence
from tests.fakes.http import FakeHttp
from tests.probes.outside import MAIL, PAY
from tests.probes.test_artifact import _wheel
from tests.probes.worlds import FakeWork, World, completed

AWAY = {"away": {"MAIL_HOST": "127.0.0.1"}, "away_check": ["without-mail"]}
ENV = {"MAIL_HOST": "mail.example", "PAY_KEY": "test_1"}
SMOKE = {"workflow": [{"name": "page", "step": [{"request": "GET /page"}]}]}


def _said(status: str) -> str:
    result = {"name": "letters wait", "status": status, "why": "gone", "seconds": 0.1, "requests": 1}
    return json.dumps({"results": [result]})


class _Answering(FakeHttp):
    """Answers `/page` with one status and all else with 200."""

    def __init__(self, evidence: FakeEvidence, status: int) -> None:
        super().__init__(evidence)
        self.status = status

    def request(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - as the fake
        self.answer(method, url, self.status if url.endswith("/page") else 200)
        return super().request(method, url, **more)


class Refusing:
    """Instances of which those with `MAIL_HOST` out of reach do not start."""

    def __init__(self, instances: Any) -> None:  # noqa: ANN401 - the fake
        self.instances = instances

    def free_port(self) -> int:
        return int(self.instances.free_port())

    @contextmanager
    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> Iterator[None]:
        if env["MAIL_HOST"] == "127.0.0.1":
            raise StepFailed("it ended with 78")
        with self.instances.running(argv, env, cwd, ready_url, timeout_s):
            yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Where programs were run that ask what is promised."""
    places: list[Place] = []

    def program(_: object, place: Place, command: Sequence[str], url: str, timeout_s: float) -> Completed:
        assert (list(command), url.startswith("http://127.0.0.1:"), timeout_s > 0) == (
            ["without-mail"],
            True,
            True,
        )
        places.append(place)
        return replace(completed(1), stdout=_said("FAIL"))

    monkeypatch.setattr(FakeWork, "smoke_program", program, raising=False)
    return places


def world(status: int = 200, **changes: Any) -> World:  # noqa: ANN401 - tables of the service file
    external = {"mail": MAIL | AWAY, "pay": PAY}
    run = {"command": ["run"], "env": ENV}
    made = World(**{"env": {}, "run": run, "external": external, "smoke": SMOKE, **changes})
    made.release_env = ENV
    made.work.wheel = _wheel()
    made.http = _Answering(made.evidence, status)
    return made


def test_all_that_can_be_are_put_out_of_reach_and_what_is_promised_then_is_asked(asked: list[Place]) -> None:
    made = world()
    fact: OutsideAbsence = made.fact(OutsideAbsence)
    assert (fact.names, fact.refused) == (("mail",), "")
    assert [(one.name, one.passed) for one in fact.run.results] == [("page", True), ("letters wait", False)]
    first, second = made.instances.started
    assert (first.env["MAIL_HOST"], second.env["MAIL_HOST"]) == ("mail.example", "127.0.0.1")
    assert (second.env["PAY_KEY"], made.instances.alive) == ("test_1", 0)
    assert asked[0].env["MAIL_HOST"] == "127.0.0.1"


def test_a_workflow_that_fails_without_them_is_told(asked: list[Place]) -> None:
    (page, _) = world(status=503).fact(OutsideAbsence).run.results
    assert (page.name, page.passed, len(asked)) == ("page", False, 1)


def test_one_that_starts_with_them_and_not_without_is_told() -> None:
    made = world()
    made.instances = Refusing(made.instances)  # type: ignore[assignment]  # the protocol is what counts
    fact: OutsideAbsence = made.fact(OutsideAbsence)
    assert "it ended with 78" in fact.refused
    assert fact.run.results == ()


def test_where_nothing_is_promised_it_is_unknown() -> None:
    quiet = {"mail": MAIL | {"away": AWAY["away"]}}
    assert "nothing says what must work then" in world(smoke=None, external=quiet).why_not(OutsideAbsence)


def test_where_none_can_be_put_out_of_reach_no_sandbox_is_started() -> None:
    made = world(external={"mail": MAIL})
    assert made.had(OutsideServices).value.configured[0].name == "mail"
    assert made.why_not(Absentees).startswith("NotApplicable: no outside service that is configured says by")
    assert made.why_not(OutsideAbsence).startswith("NotApplicable")
    assert made.instances.started == []
