from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotelctl.config.service import Smoke
from hotelctl.config.smoke import asks_outside, is_empty, loaded, run_smoke
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Completed
from hotelctl.core.work import Place
from hotelctl.facts.smoke_run import WorkflowResult
from tests.fakes.http import FakeHttp

_URL = "http://127.0.0.1:1"
_PLACE = Place(Path("/r/venv"), {"MODE": "live"}, "postgresql://owner@db.invalid/live")
_SMOKE = Smoke.model_validate(
    {
        "prepare": ["prepare"],
        "cleanup": ["sweep"],
        "workflow": [{"name": "page", "step": [{"request": "GET /page/{thing}"}]}],
        "command": [
            {"name": "probes", "run": ["ask"], "serving_run": ["all"], "timeout_s": 7},
            {"name": "more", "run": ["more"], "serving_only": True},
            {"name": "outside", "run": ["outside"], "external": True},
        ],
        "carry": {"issue": ["issue"], "check": ["check"]},
    }
)
_PASS = '{"results": [{"name": "P1", "status": "PASS", "why": "", "seconds": 0.1, "requests": 3}]}'


class Chores:
    """What a release can run; `left` is what the cleanup says when it fails."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.refuse = self.left = ""

    def smoke_variables(self, place: Place, command: Sequence[str]) -> dict[str, str]:
        assert (place, command) == (_PLACE, ("prepare",))
        if self.refuse:
            raise StepFailed(self.refuse)
        return {"thing": "7"}

    def smoke_program(
        self, place: Place, command: Sequence[str], url: str, timeout_s: float, *, stdin: str | None = None
    ) -> Completed:
        assert (place, url) == (_PLACE, _URL)
        self.ran.append(f"{command[0]} {timeout_s:g}{' told' if stdin == chr(10) else ''}")
        return Completed(tuple(command), 0, _PASS, "", timed_out=False, duration_s=0.1, evidence="ev-2")

    @contextmanager
    def smoke_ahead(self, place: Place, command: Sequence[str], url: str) -> Iterator[None]:
        assert (place, url) == (_PLACE, _URL)
        self.ran.append(f"begin {command[0]}")
        yield
        self.ran.append(f"end {command[0]}")

    def smoke_cleanup(self, place: Place, command: Sequence[str], variables: Mapping[str, str]) -> Completed:
        assert (place, command) == (_PLACE, ("sweep",))
        assert variables == ({} if self.refuse else {"thing": "7"})
        self.ran.append("cleanup")
        return Completed(("c",), int(bool(self.left)), "", self.left, False, 0.1, "ev-3")  # noqa: FBT003 - a fact


def _run(chores: Chores, *, serving: bool = False, external: bool = False) -> tuple[WorkflowResult, ...]:
    http = FakeHttp()
    http.answer("GET", f"{_URL}/page/7", 200)
    return run_smoke(_SMOKE, _PLACE, _URL, chores, http, serving=serving, external=external)  # type: ignore[arg-type]


def test_workflows_and_programs_are_asked_and_then_all_is_removed() -> None:
    chores = Chores()
    results = _run(chores)
    assert [(result.name, result.passed) for result in results] == [("page", True), ("P1", True)]
    assert chores.ran == ["ask 7", "cleanup"]


def test_what_needs_a_serving_release_is_asked_of_one_only() -> None:
    chores = Chores()
    assert len(_run(chores, serving=True)) == 3
    assert chores.ran == ["all 7", "more 60", "cleanup"]


@pytest.mark.parametrize(
    ("serving", "ran"), [(False, ["ask 7", "outside 60"]), (True, ["all 7", "more 60", "outside 60"])]
)
def test_outside_services_are_asked_on_request_only(serving: bool, ran: list[str]) -> None:  # noqa: FBT001 - a parameter of the test
    chores = Chores()
    _run(chores, serving=serving, external=True)
    assert chores.ran == [*ran, "cleanup"]


def test_what_is_left_behind_is_no_pass() -> None:
    chores = Chores()
    chores.left = "rows of the synthetic hotel are left: {'tickets': 1}"
    last = _run(chores)[-1]
    assert last.name == "cleanup"
    assert last.why == f"something is left behind: {chores.left}"


def test_what_cannot_be_prepared_is_cleaned_up_all_the_same() -> None:
    chores = Chores()
    chores.refuse = "no table"
    with pytest.raises(StepFailed, match="no table"):
        _run(chores)
    assert chores.ran == ["cleanup"]


def test_a_suite_says_whether_any_of_it_speaks_to_outside_services() -> None:
    assert asks_outside(_SMOKE)
    assert not asks_outside(Smoke.model_validate({"command": [{"name": "x", "run": ["x"]}]}))


def test_a_suite_of_programs_alone_is_one() -> None:
    assert is_empty(Smoke())
    assert not is_empty(Smoke.model_validate({"command": [{"name": "x", "run": ["x"]}]}))
    assert not is_empty(_SMOKE)


def test_programs_that_wait_load_ahead_and_are_told_others_are_run() -> None:
    chores = Chores()
    waiting = [program.model_copy(update={"waits": True}) for program in _SMOKE.command[:2]]
    assert _SMOKE.carry is not None
    carry = _SMOKE.carry.model_copy(update={"waits": True})
    smoke = _SMOKE.model_copy(update={"command": tuple(waiting), "carry": carry})
    with loaded(smoke, _PLACE, _URL, chores):  # type: ignore[arg-type]
        http = FakeHttp()
        http.answer("GET", f"{_URL}/page/7", 200)
        run_smoke(smoke, _PLACE, _URL, chores, http)  # type: ignore[arg-type]
    assert chores.ran == ["begin ask", "ask 7 told", "cleanup", "end ask"]
    chores.ran.clear()
    with loaded(smoke, _PLACE, _URL, chores, serving=True, carries=True):  # type: ignore[arg-type]
        pass
    assert chores.ran == ["begin all", "begin more", "begin check", "end check", "end more", "end all"]
