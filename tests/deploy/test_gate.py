import pytest

from hotelctl.config.service import Health as HealthSpec
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.gate import last_lines, require_commit, unready, wait_ready
from hotelctl.deploy.target import Health
from tests.fakes.clock import FakeClock
from tests.fakes.http import FakeHttp

_URL = "http://127.0.0.1:1"
_SPEC = HealthSpec(live="/h", ready="/r", version="/v", commit_field="sha", ready_passes=3)
_UP = Health(alive=True, url=_URL, restarts=0, exit_code=None, log_tail="starting\n")


def test_ready_means_ready_the_declared_number_of_times_in_a_row() -> None:
    http = FakeHttp()
    for status in (503, 200, 200, 503, 200, 200, 200):
        http.answer("GET", f"{_URL}/r", status)
    assert wait_ready(_SPEC, lambda: _UP, http, FakeClock(), 30).passes == 3
    assert len(http.requests) == 7


@pytest.mark.parametrize(("warm", "least_s", "most_s"), [(False, 0.2, 0.21), (True, 0.02, 0.03)])
def test_who_ran_before_is_asked_in_quick_succession_and_nobody_waits_after_the_last(
    *, warm: bool, least_s: float, most_s: float
) -> None:
    http, clock = FakeHttp(), FakeClock()
    for _ in range(3):
        http.answer("GET", f"{_URL}/r", 200)
    assert least_s <= wait_ready(_SPEC, lambda: _UP, http, clock, 30, warm=warm).seconds < most_s


def test_never_ready_ends_at_the_limit_with_the_last_answer_and_log_line() -> None:
    http = FakeHttp()
    http.answer("GET", f"{_URL}/r", 503, "schema_behind")
    with pytest.raises(
        StepFailed, match=r"not ready within 2 s: /r last answered 503 schema_behind.*starting"
    ):
        wait_ready(_SPEC, lambda: _UP, http, FakeClock(), 2)


def test_an_instance_that_ended_is_not_waited_for() -> None:
    clock = FakeClock()
    gone = Health(alive=False, url=_URL, restarts=0, exit_code=78, log_tail="settings are wrong")
    with pytest.raises(StepFailed, match="exit code 78; its last line: settings are wrong"):
        wait_ready(_SPEC, lambda: gone, FakeHttp(), clock, 30)
    assert clock.monotonic() == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"sha": "other"}, "runs commit 'other', built was 'abc'"),
        ({}, "does not say which commit it runs: /v answered 200"),
        ("no json", "/v answered 200 'no json'"),
        (["sha"], "does not say"),
    ],
)
def test_any_other_commit_is_refused(body: object, words: str) -> None:
    http = FakeHttp()
    http.answer("GET", f"{_URL}/v", 200, body)
    with pytest.raises(StepFailed, match=words):
        require_commit(_SPEC, _URL, "abc", http)


@pytest.mark.parametrize(
    ("log", "lines"),
    [("a\nb \n\n-----\n", ["a", "b"]), ("c\na\nb", ["a", "b"]), ("---\n", []), ("x" * 400, ["x" * 300])],
)
def test_the_last_lines_are_the_last_that_say_something(log: str, lines: list[str]) -> None:
    assert last_lines(log, 2) == lines


def test_the_built_commit_is_accepted() -> None:
    http = FakeHttp()
    http.answer("GET", f"{_URL}/v", 200, {"sha": "abc"})
    require_commit(_SPEC, _URL, "abc", http)
    assert http.requests[0].url == f"{_URL}/v"


def test_whether_it_is_ready_now_is_asked_once_and_not_for_long() -> None:
    http = FakeHttp()
    assert unready(_SPEC, _URL, http) == "/r: connection refused"
    http.answer("GET", f"{_URL}/r", 503, "schema_behind")
    assert unready(_SPEC, _URL, http) == "/r: 503 schema_behind"
    http.forget()
    http.answer("GET", f"{_URL}/r", 200, duration_s=60)
    assert unready(_SPEC, _URL, http) == "/r: no answer within 2 s"
    http.forget()
    http.answer("GET", f"{_URL}/r", 200)
    assert unready(_SPEC, _URL, http) is None
    assert len(http.requests) == 4
