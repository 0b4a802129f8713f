from typing import Any

import pytest

from hotelctl.checks.performance.load_is_an_open_model import load_is_an_open_model
from hotelctl.core.errors import Unavailable
from tests.checks import made
from tests.checks.performance import trials


def test_requests_that_came_when_they_were_due_pass() -> None:
    assert not made.judged(load_is_an_open_model, trials.speed(trials.load(waited=10)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "closed loop"}, "its method was 'closed loop', no open model"),
        ({"waited": 11}, "11 of 1000 requests waited until fewer than 512 others were open"),
        ({"planned": 1300}, "only 1250 of 1300 planned requests were sent"),
    ],
)
def test_what_hides_stalls_is_a_finding(changes: dict[str, Any], words: str) -> None:
    (finding,) = made.judged(load_is_an_open_model, trials.speed(trials.load(**changes)))
    assert finding.message == f"api: {words}"


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(load_is_an_open_model, trials.UNMEASURED)
