"""How often a request goes to the database: what it costs, whatever the machine does meanwhile."""

from collections.abc import Awaitable, Callable
from functools import partial

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, PASSWORD
from tests.app.talk import tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]


def _messages(service: Service) -> float:
    """Statements that were sent so far; those of one message are one. Commits come on top."""
    families = service.metrics.registry.collect()
    samples = [sample for family in families for sample in family.samples]
    return sum(one.value for one in samples if one.name == "hotel_db_query_seconds_count")


async def _sent(service: Service, ask: Callable[[], Awaitable[httpx.Response]]) -> list[float]:
    """How many messages the request took, of who came for the first time and of who comes again."""
    found = []
    for _ in range(2):
        before = _messages(service)
        answer = await ask()
        assert answer.is_success, answer.text
        found.append(_messages(service) - before)
    return found


async def test_a_read_takes_one_message_once_it_is_known_who_asks(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        entry = add_entry(connection, HOTEL_A, "Pool")
    for path in ("/api/tickets?status=OPEN", f"/api/knowledge/{entry}"):
        for headers in (await callers.page(service), await callers.bearer(client)):
            assert await _sent(service, partial(client.get, path, headers=headers)) == [2, 1], path


@pytest.mark.parametrize("which", ["admin", "staff"])
async def test_a_dashboard_is_counted_in_one_message_once_the_hotel_s_day_is_known(
    which: str, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    assert hotels
    headers = await callers.page(service)
    assert await _sent(service, lambda: client.get(f"/api/dashboard/{which}", headers=headers)) == [3, 2]


async def test_a_message_is_taken_answered_and_kept_in_few_messages(
    client: httpx.AsyncClient, service: Service, guest: callers.Headers, thread: str, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Pool", body="The pool opens at 8:00.", keywords="swimming")
    sent = await _sent(service, lambda: tell(client, thread, guest, "When does the pool open?"))
    # Both limits; looked, kept; the look-up; kept with its call and its run. Who asks is known.
    assert sent == [5, 5]


async def test_a_log_in_is_counted_proved_and_kept_in_few_messages(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    assert hotels
    body = {"email": "manager@alpha.example", "password": PASSWORD}
    # Counted and looked up; begun, the user found, three rows kept.
    assert await _sent(service, lambda: client.post("/api/auth/login", json=body)) == [6, 6]
