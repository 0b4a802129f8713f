from typing import Any

import pytest

from benchmarks.crowd import Crowd
from benchmarks.crowded import crowded, told

_GOALS = ("no request failed", "p99 at most 2 times that before")


@pytest.mark.system
def test_a_small_crowd_sees_a_deploy_and_rollbacks_and_loses_nothing() -> None:
    crowd = Crowd(rate=40, new_per_s=5, slow_per_s=1, streams=2, connections=4)
    found = crowded("process", crowd, deploys=1, calm_s=4)
    assert found["failed"] == dict.fromkeys(("ordinary", "slow", "streams"), 0), found["failures"]
    assert all(found["sent"].values()), found["sent"]
    assert min(found["n"]) > 0
    assert [len(found[name]) for name in ("deploys_s", "warm_s", "cold_s", "flips_s", "answered_s")] == [
        1,
        3,
        1,
        5,
        5,
    ]


def _found(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - figures of all kinds
    usual = {
        "sent": {"ordinary": 1000, "slow": 4, "streams": 5},
        "failed": {"ordinary": 0, "slow": 1, "streams": 0},
        "p99_ms": [4.0, 9.0],
        "flips_s": [0.002, 0.004, 0.003],
        "answered_s": [0.02],
        "warm_s": [0.5],
        "cold_s": [],
        "deploys_s": [7.0],
        "crowd_cores": 0.07,
        "goals": dict.fromkeys(_GOALS, False),
    }
    return usual | changes


def test_the_table_says_what_was_missed() -> None:
    text = told(_found())
    assert "Missed: no request failed; p99 at most 2 times that before." in text
    assert "0 of 1,000 ordinary, 1 of 4 slow, 0 of 5 streams" in text
    assert "| < 10 ms | 3.00 (2.00 to 4.00, n = 3) ms |" in text
    assert "Missed" not in told(_found(goals=dict.fromkeys(_GOALS, True)))
