from typing import Any

import pytest

from benchmarks.service.capacity import Kept
from benchmarks.service.goals import Goal, goals
from benchmarks.service.measure import BARE_DRIVER, BARE_ENGINE, ENTRY, capacity_row
from benchmarks.service.page import page
from benchmarks.service.trial import Trial, summary
from tests.benchmarks.service.made import trial

_NAMES = (
    "log-in",
    "dashboard",
    "ticket list",
    "chat message",
    "all four mixed",
    ENTRY,
    BARE_DRIVER,
    BARE_ENGINE,
)


def measured(
    one: Trial,
    *,
    ratio: float = 0.8,
    growth: tuple[float, float] = (-0.1, 0.1),
    read_ms: float = 20.0,
    first_word_ms: float = 20.0,
    waiting: int = 0,
) -> dict[str, Any]:
    """A run of five equal rounds."""
    entry, bare = ([Kept(rate, 1.0, 0.1, disturbed=False)] * 5 for rate in (100 * ratio, 100))
    low, high = growth
    return {
        "extent": {"rate": 50, "rounds": 5, "warm_s": 2, "page_loads": 20, "alone": 60}
        | {"size": {"hotels": 1000, "tickets": 200}},
        "machine": {"cores": "2", "memory": "4 GiB", "database": "PostgreSQL 18", "python": "Python 3.11"},
        "scenarios": {name: summary([one] * 5) for name in _NAMES},
        "capacity": {ENTRY: capacity_row(entry, entry)}
        | {name: capacity_row(bare, entry) for name in (BARE_DRIVER, BARE_ENGINE)},
        "pages": [
            {"route": "/", "loads": 20, "bytes": 1000, "assets": 2}
            | dict.fromkeys(("first_byte_p95_ms", "whole_p50_ms", "whole_p95_ms"), 30.0)
        ],
        "reads": [_route("/api/users", one, read_ms)],
        "writes": [_route("POST /api/users", one, read_ms)],
        "first-token": [_route("a hotel", one, 20.0)],
        "big-hotel": {
            "routes": [_route("GET /api/tickets", one, read_ms)],
            "first-token": [_route("the big hotel", one, first_word_ms)],
        },
        "soak": {
            "minutes": 10,
            "samples": [(at / 4, 100.0) for at in range(40)],
            "growth_mb_per_min": {"value": (low + high) / 2, "low": low, "high": high},
            "flat": low <= 0 <= high or high < 1,
            "bad_lines": 0,
            "pool": {"size": 10, "used": 4, "waiting": waiting},
            "load": one.row(),
        },
    }


def _route(route: str, one: Trial, p95_ms: float) -> dict[str, Any]:
    return {"route": route, "n": len(one.outcome.latencies_s), "p50_ms": 9.0, "p95_ms": p95_ms}


def missed(found: dict[str, Any]) -> list[str]:
    return [goal.what for goal in goals(found) if goal.met is False]


def test_good_figures_keep_every_goal() -> None:
    assert [goal.met for goal in goals(measured(trial(*[0.05] * 500)))] == [True] * 17


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (trial(*[0.25] * 500), "log-in"),
        (trial(*[0.05] * 499, None), "dashboard"),
        (trial(*[0.05] * 500, achieved=40), "ticket list"),
        (trial(*[0.05] * 499, None), "failures and error lines meanwhile"),
    ],
)
def test_slow_failing_and_late_ones_miss_it(one: Trial, what: str) -> None:
    assert what in missed(measured(one))


def test_a_ratio_and_a_leak_are_missed_by_themselves() -> None:
    good = trial(*[0.05] * 500)
    assert missed(measured(good, ratio=0.6)) == [
        f"entry by key / {bare}" for bare in (BARE_DRIVER, BARE_ENGINE)
    ]
    assert missed(measured(good, growth=(1.5, 2.5))) == ["memory over 10 min"]
    assert missed(measured(good, growth=(0.2, 0.9))) == []


def test_a_slow_read_write_or_first_word_misses_its_goal() -> None:
    assert missed(measured(trial(*[0.05] * 500), read_ms=200.0)) == [
        "slowest read of the API",
        "slowest write of the API",
        "slowest answer to the big hotel",
    ]
    assert missed(measured(trial(*[0.05] * 500), first_word_ms=1000.0)) == [
        "first word of a streamed answer, big hotel"
    ]


def test_only_what_was_measured_is_judged() -> None:
    found = measured(trial(*[0.05] * 500))
    part = {name: found[name] for name in ("extent", "writes")}
    assert [(goal.what, goal.met) for goal in goals(part)] == [("slowest write of the API", True)]


def test_who_waits_for_a_connection_misses_the_goal() -> None:
    assert missed(measured(trial(*[0.05] * 500), waiting=1)) == ["database connections"]


def test_too_few_samples_are_no_pass() -> None:
    judged: list[Goal] = goals(measured(trial(*[0.05] * 58)))
    assert [goal.met for goal in judged if goal.what != "slowest page with its assets"][:11] == [None] * 11


def test_the_page_tells_what_was_missed_and_left_out() -> None:
    found = measured(trial(*[0.25] * 500))
    found["scenarios"]["log-in"] = summary([*[trial(*[0.25] * 500)] * 5, trial(9.0, others_s=9)])
    text = page(found, goals(found))
    assert "| log-in | p95 < 200 ms at 50/s | p95 250 ms, 0 of 2500 failed, 50.0/s | **missed** |" in text
    assert "| slowest page with its assets | p95 < 2 s | p95 30 ms (/) | kept |" in text
    assert "(left out\n  here: 1)" in text
    assert "1,000 hotels\nwith 200 tickets" in text
    assert "| `POST /api/users` | 9.0 | 20.0 |" in text
    assert "| `the big hotel` | 9.0 | 20.0 |" in text
    assert "One hotel with 1,000 entries and 500 tickets" in text
