import httpx
import psycopg
import pytest

from hotelctl.app.domain.permissions import Department, Role, grants
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.quick, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_ME = "/api/session/me"
_HOTEL = {"id": str(HOTEL_A), "name": "alpha", "timezone": "UTC", "locale": "en"}


async def test_a_user_is_told_who_it_is_and_where(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "UPDATE users SET display_name = 'Mia', locale = 'de' WHERE email = 'staff@alpha.example'"
            " RETURNING id"
        ).fetchone()
    assert row is not None
    user = {
        "id": str(row[0]),
        "email": "staff@alpha.example",
        "display_name": "Mia",
        "department": "general",
        "locale": "de",
    }
    for headers in (
        await callers.bearer(client, "staff@alpha.example"),
        await callers.page(service, "staff@alpha.example"),
    ):
        answer = await client.get(_ME, headers=headers)
        assert answer.status_code == 200
        assert answer.json() == {
            "user": user,
            "room_label": None,
            "role": "staff",
            "permissions": sorted(grants(Role.STAFF, Department.GENERAL)),
            "hotel": _HOTEL,
        }


async def test_a_guest_is_told_the_room_and_has_no_user(client: httpx.AsyncClient, service: Service) -> None:
    answer = await client.get(_ME, headers=await callers.guest(service, "305"))
    assert answer.json() == {
        "user": None,
        "room_label": "305",
        "role": "guest",
        "permissions": sorted(grants(Role.GUEST, Department.GENERAL)),
        "hotel": _HOTEL,
    }


async def test_who_was_suspended_a_moment_ago_is_nobody(client: httpx.AsyncClient, owner_url: str) -> None:
    headers = await callers.bearer(client)
    assert (await client.get(_ME, headers=headers)).status_code == 200
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET suspended_at = now() WHERE email = 'manager@alpha.example'")
    assert (await client.get(_ME, headers=headers)).status_code == 401


async def test_a_user_chooses_the_own_language_and_takes_it_back(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    headers = await callers.page(service, "staff@alpha.example")
    for locale in ("it", None):
        answer = await client.patch(_ME, json={"locale": locale}, headers=headers)
        assert (answer.status_code, answer.json()["user"]["locale"]) == (200, locale)
    with psycopg.connect(owner_url) as connection:
        trail = connection.execute(
            "SELECT action, before ->> 'locale', after ->> 'locale' FROM audit_events ORDER BY id"
        ).fetchall()
    assert trail == [("user.update", None, "it"), ("user.update", "it", None)]


@pytest.mark.parametrize("body", [{"locale": "xx"}, {"locale": 1}, {}, {"locale": "de", "role": "owner"}])
async def test_a_change_of_oneself_that_is_none_is_refused(
    body: dict[str, object], client: httpx.AsyncClient, service: Service
) -> None:
    headers = await callers.page(service, "staff@alpha.example")
    answer = await client.patch(_ME, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
