import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.codes import execute, make, token_of
from tests.app.people import HOTEL_A, HOTEL_B, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


@pytest.fixture
async def manager(service: Service) -> Headers:
    return await callers.page(service)


async def _show(client: httpx.AsyncClient, token: str, how: str = "validate") -> httpx.Response:
    return await client.post(f"/api/qr/{how}", json={"token": token})


async def _person(service: Service, owner_url: str, role: str, department: str = "general") -> Headers:
    email = f"{role}-{department}@alpha.example"
    with psycopg.connect(owner_url) as connection:
        user_id = add_user(connection, HOTEL_A, email, role)
        connection.execute("UPDATE users SET department = %s WHERE id = %s", (department, user_id))
    return await callers.page(service, email)


def _user_id(owner_url: str, email: str = "staff@alpha.example") -> str:
    return str(execute(owner_url, "SELECT id FROM users WHERE email = %s", email)[0][0])


class TestGenerate:
    async def test_gives_the_token_once_as_address_and_pictures(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        made = await make(client, manager, ttl_minutes=30, max_uses=3, guest_name="Kim")
        token = token_of(made)
        assert made["url"] == f"https://hotel.example/q/{token}"
        assert (len(token), made["prefix"]) == (43, token[:6])
        assert made["svg"].startswith("<svg")
        assert base64.b64decode(made["png_base64"]).startswith(b"\x89PNG")
        left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
        assert timedelta(minutes=29) < left <= timedelta(minutes=30)
        ((row, name),) = execute(owner_url, "SELECT t::text, guest_name FROM guest_staff_qr_tokens t")
        assert token not in row
        assert name == "Kim"
        audited = execute(owner_url, "SELECT action, after ->> 'room_label', t::text FROM audit_events t")
        assert [event[:2] for event in audited] == [("qr.generate", "204")]
        assert token not in audited[0][2]

    async def test_a_repeat_with_its_key_makes_nothing_and_tells_no_token(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        keyed = {**manager, "Idempotency-Key": "print-204"}
        first, second = await make(client, keyed), await make(client, keyed)
        assert second == {**first, "url": None, "svg": None, "png_base64": None}
        assert execute(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == [(1,)]
        kept = execute(owner_url, "SELECT response::text FROM idempotency_keys")
        assert token_of(first) not in kept[0][0]

    @pytest.mark.parametrize(
        ("role", "department", "guests", "staff"),
        [
            ("staff", "general", 403, 403),
            ("staff", "housekeeping", 403, 403),
            ("staff", "reception", 201, 403),
            ("supervisor", "general", 201, 403),
            ("manager", "general", 201, 201),
            ("owner", "general", 201, 201),
        ],
    )
    async def test_who_may_make_which(  # noqa: PLR0913, PLR0917 - four columns of a table and three fixtures
        self,
        role: str,
        department: str,
        guests: int,
        staff: int,
        client: httpx.AsyncClient,
        service: Service,
        owner_url: str,
    ) -> None:
        who = await _person(service, owner_url, role, department)
        for body, status in (
            ({"purpose": "guest_access"}, guests),
            ({"purpose": "room_service", "room_label": "1"}, guests),
            ({"purpose": "staff_access", "user_id": _user_id(owner_url)}, staff),
        ):
            answer = await client.post("/api/qr/generate", json=body, headers=who)
            assert answer.status_code == status, body

    async def test_a_guest_makes_none(self, client: httpx.AsyncClient, service: Service) -> None:
        headers = await callers.guest(service)
        answer = await client.post("/api/qr/generate", json={"purpose": "guest_access"}, headers=headers)
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"purpose": "party"},
            {"purpose": "guest_access", "ttl_minutes": 4},
            {"purpose": "guest_access", "ttl_minutes": 20161},
            {"purpose": "guest_access", "max_uses": 0},
            {"purpose": "guest_access", "max_uses": 21},
            {"purpose": "guest_access", "room_label": ""},
            {"purpose": "guest_access", "room_label": "x" * 41},
            {"purpose": "guest_access", "room_label": "2\n4"},
            {"purpose": "guest_access", "room_label": "  "},
            {"purpose": "guest_access", "room_label": "204\u200b"},
            {"purpose": "guest_access", "guest_name": "K\nim"},
            {"purpose": "guest_access", "hotel_id": str(HOTEL_B)},
            {"purpose": "guest_access", "user_id": str(uuid4())},
            {"purpose": "guest_access", "stay_ends_at": "2020-01-01T00:00:00Z"},
            {"purpose": "guest_access", "stay_ends_at": "2999-01-01T00:00:00"},
            # After the last year that a list of codes could show.
            {"purpose": "guest_access", "stay_ends_at": "9999-12-31T23:30:00-01:00"},
            {"purpose": "maintenance"},
            {"purpose": "staff_access"},
            {"purpose": "staff_access", "user_id": str(uuid4()), "room_label": "1"},
        ],
    )
    async def test_what_makes_no_sense_is_refused(
        self, body: dict[str, Any], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        answer = await client.post("/api/qr/generate", json=body, headers=manager)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")

    @pytest.mark.parametrize("email", ["staff@beta.example", None])
    async def test_a_staff_code_is_for_a_live_user_of_the_hotel(
        self, email: str | None, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        user_id = _user_id(owner_url, email) if email else str(uuid4())
        body = {"purpose": "staff_access", "user_id": user_id}
        assert (await client.post("/api/qr/generate", json=body, headers=manager)).status_code == 404

    async def test_a_room_is_the_same_with_spaces_around_its_label(
        self, client: httpx.AsyncClient, manager: Headers
    ) -> None:
        made = await make(client, manager, room_label=" 204 ", guest_name=" Kim ")
        found = (await client.get("/api/qr/tokens?room=204", headers=manager)).json()["items"]
        assert [(one["id"], one["guest_name"]) for one in found] == [(made["id"], "Kim")]

    async def test_a_code_ends_with_the_stay(self, client: httpx.AsyncClient, manager: Headers) -> None:
        ends_at = datetime.now(UTC) + timedelta(minutes=10)
        made = await make(client, manager, ttl_minutes=600, stay_ends_at=ends_at.isoformat())
        assert datetime.fromisoformat(made["expires_at"]) == ends_at


class TestWithdraw:
    async def test_whoever_came_in_with_the_code_is_out_at_once(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        made = await make(client, manager, max_uses=2)
        entered = [(await _show(client, token_of(made))).json()["access_token"] for _ in range(2)]
        guests = [{"Authorization": f"Bearer {token}"} for token in entered]
        for guest in guests:
            assert (await client.get("/api/protected", headers=guest)).status_code == 200
        gone = await client.request(
            "DELETE", f"/api/qr/tokens/{made['id']}", json={"reason": "left early"}, headers=manager
        )
        assert (gone.status_code, gone.content) == (204, b"")
        for guest in guests:
            assert (await client.get("/api/protected", headers=guest)).status_code == 401
        found = (await client.get(f"/api/qr/tokens/{made['id']}", headers=manager)).json()
        assert (found["state"], found["revoke_reason"]) == ("revoked", "left early")
        logged = execute(owner_url, "SELECT count(*) FROM user_session_logs WHERE event = 'revoked'")
        assert logged == [(2,)]

    async def test_a_replaced_code_ends_its_sessions_too_and_keeps_its_data(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        stay = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0).isoformat()
        old = await make(client, manager, ttl_minutes=600, max_uses=4, guest_name="Kim", stay_ends_at=stay)
        guest = (await _show(client, token_of(old))).json()["access_token"]
        keyed = {**manager, "Idempotency-Key": "again"}
        address = f"/api/qr/tokens/{old['id']}/regenerate"
        new = (await client.post(address, headers=keyed)).json()
        assert (
            await client.get("/api/protected", headers={"Authorization": f"Bearer {guest}"})
        ).status_code == 401
        replay = await client.post(address, headers=keyed)
        assert (replay.status_code, replay.json()["id"], replay.json()["url"]) == (201, new["id"], None)
        rows = execute(
            owner_url,
            "SELECT purpose, room_label, guest_name, stay_ends_at, max_uses, expires_at - created_at > '9h',"
            " use_count FROM guest_staff_qr_tokens ORDER BY created_at",
        )
        assert rows[0][:-1] == rows[1][:-1]
        assert (rows[0][-1], rows[1][-1]) == (1, 0)
        found = (await client.get(f"/api/qr/tokens/{old['id']}", headers=manager)).json()
        assert (found["state"], found["replaced_by"]) == ("replaced", new["id"])

    async def test_a_stay_that_is_over_is_not_prolonged(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        made = await make(client, manager)
        execute(owner_url, "UPDATE guest_staff_qr_tokens SET stay_ends_at = now()")
        answer = await client.post(f"/api/qr/tokens/{made['id']}/regenerate", headers=manager)
        assert (answer.status_code, answer.json()["code"]) == (410, "gone")
        assert execute(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == [(1,)]

    async def test_the_desk_does_not_touch_staff_codes(
        self, client: httpx.AsyncClient, manager: Headers, service: Service, owner_url: str
    ) -> None:
        body = {"purpose": "staff_access", "user_id": _user_id(owner_url)}
        made = (await client.post("/api/qr/generate", json=body, headers=manager)).json()
        desk = await _person(service, owner_url, "staff", "reception")
        address = f"/api/qr/tokens/{made['id']}"
        assert (await client.delete(address, headers=desk)).status_code == 403
        assert (await client.post(f"{address}/regenerate", headers=desk)).status_code == 403
        assert (await client.get(address, headers=desk)).json()["state"] == "active"


class TestList:
    async def test_when_a_guest_leaves_is_for_those_who_may_see_more_than_name_and_room(
        self, client: httpx.AsyncClient, manager: Headers, service: Service, owner_url: str
    ) -> None:
        leaves_at = datetime.now(UTC) + timedelta(days=2)
        made = await make(client, manager, guest_name="Kim", stay_ends_at=leaves_at.isoformat())
        desk = await _person(service, owner_url, "staff", "reception")
        for who, shown in ((manager, leaves_at), (desk, None)):
            one = (await client.get(f"/api/qr/tokens/{made['id']}", headers=who)).json()
            [listed] = (await client.get("/api/qr/tokens", headers=who)).json()["items"]
            for code in (one, listed):
                told = code["stay_ends_at"]
                assert (told and datetime.fromisoformat(told), code["guest_name"]) == (shown, "Kim")

    async def test_filters_pages_and_counts(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        made = [await make(client, manager, room_label=str(room)) for room in (1, 2, 3)]
        await make(client, manager, purpose="maintenance", room_label="2")
        await client.delete(f"/api/qr/tokens/{made[0]['id']}", headers=manager)

        async def rooms(**query: object) -> list[str]:
            answer = await client.get("/api/qr/tokens", params=query, headers=manager)  # type: ignore[arg-type]  # plain values
            assert answer.status_code == 200, answer.text
            return [item["room_label"] for item in answer.json()["items"]]

        assert await rooms() == ["2", "3", "2", "1"]
        assert await rooms(state="active") == ["2", "3", "2"]
        assert await rooms(state="revoked") == ["1"]
        assert await rooms(purpose="maintenance") == ["2"]
        assert await rooms(room="2", purpose="guest_access") == ["2"]
        assert await rooms(state="expired") == []
        first = (await client.get("/api/qr/tokens?limit=3", headers=manager)).json()
        assert first["stats"] == {
            "active": 3,
            "used": 0,
            "expired": 0,
            "revoked": 1,
            "replaced": 0,
            "by_purpose": {"guest_access": 3, "staff_access": 0, "room_service": 0, "maintenance": 1},
        }
        rest = await client.get(
            "/api/qr/tokens",
            params={"limit": 3, "cursor": first["next_cursor"], "stats": "false"},
            headers=manager,
        )
        assert [item["room_label"] for item in rest.json()["items"]] == ["1"]
        assert (rest.json()["next_cursor"], rest.json()["stats"]) == (None, None)
        maker = first["items"][0]["created_by"]
        assert maker == {
            "id": _user_id(owner_url, "manager@alpha.example"),
            "display_name": "manager@alpha.example",
        }

    async def test_no_item_holds_token_or_hash(self, client: httpx.AsyncClient, manager: Headers) -> None:
        made = await make(client, manager)
        text = (await client.get("/api/qr/tokens", headers=manager)).text
        assert token_of(made) not in text
        assert "hash" not in text

    async def test_another_hotel_s_code_does_not_exist(
        self, client: httpx.AsyncClient, manager: Headers, service: Service
    ) -> None:
        other = await callers.page(service, "manager@beta.example", HOTEL_B)
        made = await make(client, other)
        address = f"/api/qr/tokens/{made['id']}"
        assert (await client.get(address, headers=manager)).status_code == 404
        assert (await client.delete(address, headers=manager)).status_code == 404
        assert (await client.post(f"{address}/regenerate", headers=manager)).status_code == 404
        assert (await client.get("/api/qr/tokens", headers=manager)).json()["items"] == []
        assert (await client.get(address, headers=other)).json()["state"] == "active"
