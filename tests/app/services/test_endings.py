import asyncio
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry, Counter

from hotelctl.app.domain.failures import Locked, RateLimited, Unauthenticated
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.logs import RequestRecord, current_request, note_hotel
from hotelctl.app.services.endings import counted
from tests.app.people import HOTEL_A


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
    with (
        pytest.raises(type(error)),
        counted(Counter("tries", "Tries.", ["result", "synthetic"], registry=registry)),
    ):
        raise error
    assert registry.get_sample_value("tries_total", {"result": result, "synthetic": "0"}) == 1


def test_an_ending_may_be_named_otherwise_than_ok() -> None:
    registry = CollectorRegistry()
    tries = Counter("tries", "Tries.", ["result", "synthetic"], registry=registry)
    with counted(tries):
        pass
    with counted(tries) as ending:
        ending.result = "challenged"
    assert registry.get_sample_value("tries_total", {"result": "ok", "synthetic": "0"}) == 1
    assert registry.get_sample_value("tries_total", {"result": "challenged", "synthetic": "0"}) == 1


@pytest.mark.parametrize(("hotel_id", "label"), [(SYNTHETIC_HOTEL_ID, "1"), (HOTEL_A, "0")])
def test_what_probes_try_is_counted_apart(hotel_id: UUID, label: str) -> None:
    registry = CollectorRegistry()
    token = current_request.set(RequestRecord("r", "192.0.2.1"))
    try:
        with counted(Counter("tries", "Tries.", ["result", "synthetic"], registry=registry)):
            note_hotel(hotel_id)
    finally:
        current_request.reset(token)
    assert registry.get_sample_value("tries_total", {"result": "ok", "synthetic": label}) == 1
