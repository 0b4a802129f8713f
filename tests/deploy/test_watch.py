from collections.abc import Callable

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.target import Health
from hotelctl.deploy.watch import Before, Looked, Watched, Window, watch
from hotelctl.facts.answer_tally import Tally
from hotelctl.facts.edge_log import Answer
from tests.fakes.clock import FakeClock
from tests.fakes.http import FakeHttp

_URL = "http://127.0.0.1:1/r"


def _state(*, alive: bool = True, restarts: int = 0) -> Health:
    return Health(alive, "http://127.0.0.1:2", restarts, None if alive else 1, "last words")


def _watch(http: FakeHttp, health: Callable[[], Health] = _state, window_s: float = 5) -> Watched:
    return watch(Looked(health), Window(_URL, window_s, 0.05), http, FakeClock())


def _ready() -> FakeHttp:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    return http


def _answers(n: int, errors: int = 0, *, seconds: float = 0.02, synthetic: bool = False) -> list[Answer]:
    return [Answer(0, 500 if k < errors else 200, seconds, "GET /", synthetic) for k in range(n)]


def _more(*looks: list[Answer]) -> Callable[[], list[Answer]]:
    """What each look tells; after the last one nothing."""
    told = iter(looks)
    return lambda: next(told, [])


def test_fifty_good_answers_to_others_are_a_good_verdict() -> None:
    looked = Looked(_state, _more(_answers(30), _answers(20)))
    before = Before(_answers(400, 8))
    http = _ready()
    watched = watch(looked, Window(_URL, 5, 0.05), http, FakeClock(), before=before)
    assert (watched.verdict, watched.now.n, watched.before.errors) == ("good", 50, 8)
    assert watched.words == (
        "good after 5 s: 50 requests, 0.0% failed (2.0% of 400 before), p95 20 ms (20 ms before); "
        f"{watched.probes} synthetic probes, 0 failed"
    )
    assert watched.probes == len(http.requests)


def test_few_answers_prove_nothing_however_good_and_however_many_probes() -> None:
    watched = _watch(_ready())
    assert (watched.verdict, watched.probes >= 50) == ("not proven", True)
    assert "nobody else asked" in watched.words
    assert _watch(_ready(), window_s=0).verdict == "not watched"
    looked = Looked(_state, _more(_answers(49), _answers(400, synthetic=True)))
    assert watch(looked, Window(_URL, 5, 0.05), _ready(), FakeClock()).verdict == "not proven"


def test_where_proof_is_needed_its_lack_is_bad_but_not_before_the_window_is_over() -> None:
    window = Window(_URL, 5, 0.05, proof_needed=True)
    with pytest.raises(StepFailed, match=r"not proven after 5 s: nobody else asked") as refused:
        watch(Looked(_state), window, _ready(), FakeClock())
    assert refused.value.hint == '[environments.NAME.watch] not_proven = "promote" lets it serve'
    ended = watch(Looked(_state), window, _ready(), FakeClock(), lambda _: True)
    assert ended.verdict == "not proven"


def test_answers_that_are_worse_than_before_are_bad_at_once() -> None:
    clock = FakeClock()
    looked = Looked(_state, _more(_answers(40), _answers(40, 30)))
    with pytest.raises(StepFailed, match=r"bad: 30 of 80 requests failed \(37.5%, 0.0% of 400 before\)"):
        watch(looked, Window(_URL, 60, 0.05), _ready(), clock, before=Before(_answers(400)))
    assert clock.monotonic() < 1


@pytest.mark.parametrize(("now_s", "slow"), [(0.01, True), (0.02, False), (None, True)])
def test_what_is_slower_because_the_machine_is_busier_is_not_bad(
    now_s: float | None,
    slow: bool,  # noqa: FBT001 - a row
) -> None:
    before = Before(_answers(400, seconds=0.08), control_s=0.01)
    looked = Looked(_state, lambda: _answers(20, seconds=0.21), control=lambda: now_s)
    if slow:
        with pytest.raises(StepFailed, match="p95 of GET / is 210 ms"):
            watch(looked, Window(_URL, 3, 0.05), _ready(), FakeClock(), before=before)
    else:
        assert watch(looked, Window(_URL, 3, 0.05), _ready(), FakeClock(), before=before).verdict == "good"


def test_of_answers_that_are_gone_the_count_is_the_baseline() -> None:
    looked = Looked(_state, _more(_answers(400, 13)))
    with pytest.raises(StepFailed, match=r"13 of 400 requests failed \(3.2%, 0.0% of 4,000 before\)"):
        watch(
            looked, Window(_URL, 5, 0.05), _ready(), FakeClock(), before=Before(counted=Tally(4000, 0, None))
        )


def test_what_is_little_worse_is_told_when_the_window_is_over() -> None:
    looked = Looked(_state, _more(_answers(400, 13)))
    with pytest.raises(StepFailed, match="bad: 13 of 400 requests failed"):
        watch(looked, Window(_URL, 5, 0.05), _ready(), FakeClock(), before=Before(_answers(4000)))


def test_memory_that_runs_out_is_bad_and_looked_at_twice_a_second() -> None:
    clock, asked = FakeClock(), list[float]()

    def memory() -> int:
        asked.append(clock.monotonic())
        return 950 if len(asked) > 9 else 100

    window = Window(_URL, 60, 0.05, memory_limit_bytes=1000)
    with pytest.raises(StepFailed, match=r"bad: it holds 950 B of 1\.0 kB, the former release 100 B"):
        watch(Looked(_state, memory_bytes=memory), window, _ready(), clock, before=Before((), 100))
    assert 4.5 <= asked[-1] <= 5.5


@pytest.mark.parametrize("status", [500, 503, None])
def test_lost_readiness_is_bad_after_three_probes_in_a_row(status: int | None) -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    http.answer("GET", _URL, status)
    with pytest.raises(StepFailed, match="3 of 4 probes failed under watch"):
        _watch(http)


def _now_and_then(failing: int, of: int) -> FakeHttp:
    """Of so many probes in a row so many fail, one here and one there."""
    http = FakeHttp()
    for _ in range(30):
        for k in range(of):
            http.answer("GET", _URL, 500 if k % (of // failing) == 0 else 200)
    return http


def test_a_share_of_failing_probes_that_is_surely_more_than_borne_is_bad() -> None:
    with pytest.raises(StepFailed, match="probes failed under watch"):
        _watch(_now_and_then(1, 5))
    assert _watch(_now_and_then(1, 50)).failed == 3


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
    assert watch(Looked(lambda: again), Window(_URL, 5, 0.05), http, FakeClock(), restarts=3).probes
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(Looked(lambda: again), Window(_URL, 5, 0.05), http, FakeClock(), restarts=2)


def test_a_crash_is_told_with_its_exit_code_though_that_is_known_a_moment_later() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    gone = Health(alive=False, url="", restarts=0, exit_code=None, log_tail="")
    states = iter([_state(), _state(), gone, gone])
    with pytest.raises(StepFailed, match=r"exit code 1\)"):
        _watch(http, lambda: next(states, _state(alive=False)))
    with pytest.raises(StepFailed, match=r"exit code unknown\)"):
        _watch(http, lambda: next(states, gone))


def test_it_goes_on_after_the_window_while_others_still_ask() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    states = iter([_state()] * 150)
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(
            Looked(lambda: next(states, _state(alive=False))),
            Window(_URL, 5, 0.05),
            http,
            FakeClock(),
            lambda _: False,
        )


def test_nobody_watches_for_a_verdict_that_nobody_waits_for() -> None:
    http = FakeHttp()
    http.answer("GET", _URL, 200)
    watched = watch(
        Looked(_state), Window(_URL, 5, 0.05), http, FakeClock(), lambda _: len(http.requests) == 3
    )
    assert (watched.probes, watched.verdict) == (3, "not proven")


def test_a_crash_is_seen_though_nobody_waits_any_more() -> None:
    states = iter([_state()])
    with pytest.raises(StepFailed, match="crashed under watch"):
        watch(
            Looked(lambda: next(states, _state(alive=False))),
            Window(_URL, 5, 0.05),
            FakeHttp(),
            FakeClock(),
            lambda _: True,
        )
