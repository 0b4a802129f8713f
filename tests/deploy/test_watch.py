from collections.abc import Callable

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.target import Health
from hotelctl.deploy.watch import Watched, Window, watch
from tests.fakes.clock import FakeClock
from tests.fakes.http import FakeHttp

_URL = "http://127.0.0.1:1/r"


def _state(*, alive: bool = True, restarts: int = 0) -> Health:
    return Health(alive, "http://127.0.0.1:2", restarts, None if alive else 1, "last words")


def _watch(http: FakeHttp, health: Callable[[], Health] = _state, window_s: float = 5) -> Watched:
    return watch(health, Window(_URL, window_s, 0.05), http, FakeClock())


def test_enough_good_answers_are_a_good_verdict() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    watched = _watch(http)
    assert watched.verdict == "good"
    assert watched.probes == len(http.requests) >= 50


def test_few_answers_prove_nothing_however_good() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    assert _watch(http, window_s=0.5).verdict == "not proven"
    assert _watch(http, window_s=0).verdict == "not watched"


@pytest.mark.parametrize("status", [500, 503, None])
def test_failing_answers_are_bad(status: int | None) -> None:
    http = FakeHttp()
    http.answer("GET", _URL, status)
    with pytest.raises(StepFailed, match="probes failed under watch"):
        _watch(http)


@pytest.mark.parametrize("after", [_state(alive=False), _state(restarts=1)])
def test_a_crash_is_bad_even_when_the_answers_are_good(after: Health) -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    states = iter([_state(), _state()])
    with pytest.raises(StepFailed, match=r"crashed.*; its last lines: last words"):
        _watch(http, lambda: next(states, after))


def test_a_crash_before_the_first_look_is_one_under_watch() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    again = _state(restarts=3)
    assert watch(lambda: again, Window(_URL, 5, 0.05), http, FakeClock(), restarts=3).verdict == "good"
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(lambda: again, Window(_URL, 5, 0.05), http, FakeClock(), restarts=2)


def test_a_crash_is_told_with_its_exit_code_though_that_is_known_a_moment_later() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    gone = Health(alive=False, url="", restarts=0, exit_code=None, log_tail="")
    states = iter([_state(), _state(), gone, gone])
    with pytest.raises(StepFailed, match=r"exit code 1\)"):
        _watch(http, lambda: next(states, _state(alive=False)))
    with pytest.raises(StepFailed, match=r"exit code None\)"):
        _watch(http, lambda: next(states, gone))


def test_it_goes_on_after_the_window_while_others_still_ask() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    states = iter([_state()] * 150)
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(
            lambda: next(states, _state(alive=False)),
            Window(_URL, 5, 0.05),
            http,
            FakeClock(),
            lambda _: False,
        )


def test_nobody_watches_for_a_verdict_that_nobody_waits_for() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    watched = watch(_state, Window(_URL, 5, 0.05), http, FakeClock(), lambda _: len(http.requests) == 3)
    assert (watched.probes, watched.verdict) == (3, "not proven")


def test_a_crash_is_seen_though_nobody_waits_any_more() -> None:
    states = iter([_state()])
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(
            lambda: next(states, _state(alive=False)),
            Window(_URL, 5, 0.05),
            FakeHttp(),
            FakeClock(),
            lambda _: True,
        )
