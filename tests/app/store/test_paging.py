import base64
import json

import psycopg
import pytest
from sqlalchemy import select

from hotelctl.app.domain.failures import Invalid
from hotelctl.app.services.service import Service
from hotelctl.app.store.paging import Found, Page, fetch
from hotelctl.app.store.tables import User
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_BY = (User.created_at, User.id)


async def _page(service: Service, limit: int, cursor: str | None = None) -> Found[User]:
    async with service.db.transaction(HOTEL_A) as session:
        return await fetch(session, select(User).order_by(User.email), Page(limit, cursor), by=_BY)


@pytest.fixture
def people(hotels: str) -> str:
    """Seven users, of which five were made in the same moment."""
    with psycopg.connect(hotels) as connection:
        for number in range(5):
            add_user(connection, HOTEL_A, f"u{number}@alpha.example", "staff")
    return hotels


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
async def test_pages_hold_every_row_once_newest_first(limit: int, service: Service) -> None:
    seen: list[User] = []
    cursor = None
    for _ in range(8):
        found = await _page(service, limit, cursor)
        assert len(found.items) <= limit
        seen += found.items
        cursor = found.next_cursor
        if cursor is None:
            break
    keys = [(user.created_at, user.id) for user in seen]
    assert len(keys) == 7
    assert keys == sorted(keys, reverse=True)


async def test_a_row_that_comes_in_between_moves_nothing(service: Service, people: str) -> None:
    first = await _page(service, 3)
    with psycopg.connect(people) as connection:
        add_user(connection, HOTEL_A, "late@alpha.example", "staff")
        connection.execute("DELETE FROM users WHERE id = %s", (first.items[-1].id,))
    second = await _page(service, 10, first.next_cursor)
    assert len(second.items) == 4
    assert "late@alpha.example" not in {user.email for user in second.items}


@pytest.mark.usefixtures("hotels")
@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "!!!!", "é", "bnVsbA", base64.urlsafe_b64encode(b"[]").decode()),
        base64.urlsafe_b64encode(json.dumps(["2026-01-01", "no-uuid"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([1, 2]).encode()).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
async def test_a_cursor_of_something_else_is_a_wrong_field(cursor: str, service: Service) -> None:
    with pytest.raises(Invalid) as refused:
        await _page(service, 1, cursor)
    assert refused.value.errors == [{"loc": ["query", "cursor"], "msg": "is no cursor of this list"}]


def _cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize("number", [2**31, -(10**30), True, "1", 1.0])
async def test_no_number_of_a_row_is_beyond_what_a_column_holds(number: object, service: Service) -> None:
    statement = select(User)
    async with service.db.transaction(HOTEL_A) as session:
        with pytest.raises(Invalid):
            await fetch(session, statement, Page(1, _cursor(number)), by=[User.auth_version])


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
async def test_no_text_of_a_row_holds_what_the_database_cannot(text: str, service: Service) -> None:
    statement = select(User)
    async with service.db.transaction(HOTEL_A) as session:
        with pytest.raises(Invalid):
            await fetch(session, statement, Page(1, _cursor(text)), by=[User.email])
