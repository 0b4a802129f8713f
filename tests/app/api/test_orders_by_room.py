"""For which room the assistant orders, and that one errand of a room is one order."""

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.talk import open_thread, tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_ORDERS = "SELECT room_label, category, status, details FROM work_orders ORDER BY created_at"


async def _order(client: httpx.AsyncClient, headers: Headers, words: str) -> tuple[str, str]:
    """What the assistant proposed, and how the order stood after a yes."""
    thread = await open_thread(client, headers)
    proposed = (await tell(client, thread, headers, words)).json()["reply"]
    agreed = (await tell(client, thread, headers, "yes please")).json()["reply"]
    return proposed["content"], agreed["action"]["status"]


def _orders(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(_ORDERS.encode()).fetchall()


async def test_two_guests_of_a_room_who_ask_for_the_same_have_one_order(
    client: httpx.AsyncClient, guest: Headers, service: Service, hotels: str
) -> None:
    _, first = await _order(client, guest, "2 towels please")
    _, second = await _order(client, await callers.guest(service, "204"), "2 towels please")
    assert (first, second) == ("done", "attached")
    assert len(_orders(hotels)) == 1


async def test_another_room_and_another_thing_are_orders_of_their_own(
    client: httpx.AsyncClient, guest: Headers, service: Service, hotels: str
) -> None:
    await _order(client, guest, "2 towels please")
    _, elsewhere = await _order(client, await callers.guest(service, "205"), "2 towels please")
    _, other = await _order(client, await callers.guest(service, "204"), "2 pillows please")
    assert (elsewhere, other) == ("done", "done")
    assert [row[:2] for row in _orders(hotels)] == [
        ("204", "towels"),
        ("205", "towels"),
        ("204", "bedding"),
    ]


async def test_staff_orders_for_the_room_that_the_message_names(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service, "manager@alpha.example")
    said, status = await _order(client, staff, "towels to room 305 please")
    assert "towels (room 305)" in said
    assert status == "done"
    assert [row[:2] for row in _orders(hotels)] == [("305", "towels")]


async def test_a_guest_orders_for_the_own_room_whatever_the_message_names(
    client: httpx.AsyncClient, guest: Headers, hotels: str
) -> None:
    said, _ = await _order(client, guest, "towels to room 305 please")
    assert "305" not in said
    assert [row[:2] for row in _orders(hotels)] == [("204", "towels")]
