import asyncio

import pytest
from prometheus_client import CollectorRegistry, Counter

from hotelctl.app.domain.failures import Locked, RateLimited, Unauthenticated
from hotelctl.app.services.endings import counted


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (Unauthenticated(), "refused"),
        (RateLimited(3), "limited"),
        (Locked(3), "locked"),
        (OSError(), "failed"),
        (asyncio.CancelledError(), "failed"),
    ],
)
def test_what_is_raised_is_counted_and_goes_on(error: BaseException, result: str) -> None:
    registry = CollectorRegistry()
    with pytest.raises(type(error)), counted(Counter("tries", "Tries.", ["result"], registry=registry)):
        raise error
    assert registry.get_sample_value("tries_total", {"result": result}) == 1


def test_an_ending_may_be_named_otherwise_than_ok() -> None:
    registry = CollectorRegistry()
    tries = Counter("tries", "Tries.", ["result"], registry=registry)
    with counted(tries):
        pass
    with counted(tries) as ending:
        ending.result = "challenged"
    assert registry.get_sample_value("tries_total", {"result": "ok"}) == 1
    assert registry.get_sample_value("tries_total", {"result": "challenged"}) == 1
