import json

import pytest

from hotelctl.core.finding import Measurement
from hotelctl.core.ports import Completed
from hotelctl.facts.smoke_results import results_of

_GOOD = {"name": "P0", "status": "PASS", "why": "", "seconds": 0.5, "budget_s": 2, "requests": 3}


def _ended(stdout: str, code: int | None = 0, stderr: str = "", *, timed_out: bool = False) -> Completed:
    return Completed(("ask",), code, stdout, stderr, timed_out, 4.0, "ev-1")


def _printed(*results: object, code: int = 0) -> Completed:
    return _ended(json.dumps({"results": results}), code)


def test_what_passed_within_its_budget_is_green_and_keeps_what_was_measured() -> None:
    measured = {"name": "query p95", "value": 3.5, "unit": "ms", "limit": 50, "n": 250}
    (result,) = results_of("probes", _printed({**_GOOD, "measured": [measured]}))
    assert result.passed
    assert (result.name, result.requests, result.seconds, result.evidence) == ("P0", 3, 0.5, ("ev-1",))
    assert result.measured == (Measurement("query p95", 3.5, "ms", 50, 250),)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "FAIL", "why": "GET /x: answered 500"}, "FAIL: GET /x: answered 500"),
        ({"status": "ERROR", "why": "no answer"}, "ERROR: no answer"),
        ({"status": "SKIP", "why": "nobody is there"}, "SKIP: nobody is there"),
        ({"status": "fine", "why": ""}, "fine: "),
        ({"seconds": 2.1}, "took 2.1 s, its budget is 2 s"),
    ],
)
def test_nothing_but_pass_within_the_budget_is_green(change: dict[str, object], why: str) -> None:
    (result,) = results_of("probes", _printed({**_GOOD, **change}))
    assert result.why == why


@pytest.mark.parametrize(
    ("completed", "why"),
    [
        (_ended("", 1, "no database\n"), "no database"),
        (_ended("{}", 0), "ended with 0 and printed no results"),
        (_ended('{"results": [{"name": "P0"}]}', 3), "ended with 3 and printed no results"),
        (_ended("[]", 0, "what?"), "what?"),
        (_ended("", None, timed_out=True), "killed at its limit after 4 s"),
        (_printed(), "printed no result"),
    ],
)
def test_a_program_that_prints_no_result_failed(completed: Completed, why: str) -> None:
    (result,) = results_of("probes", completed)
    assert (result.name, result.why) == ("probes", why)


def test_a_bad_end_after_good_results_is_no_pass() -> None:
    first, last = results_of("probes", _printed(_GOOD, code=1))
    assert first.passed
    assert last.why == "ended with 1"
    (told,) = results_of("probes", _printed({**_GOOD, "status": "FAIL", "why": "x"}, code=1))
    assert told.why == "FAIL: x"
