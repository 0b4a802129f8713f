from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.codes import INTO, execute, make, token_of
from tests.app.people import HOTEL_A, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_LONGEST_HOURS = (
    "SELECT kind, round(extract(epoch FROM absolute_expires_at - created_at) / 3600)"
    " FROM sessions WHERE user_id IS NOT NULL AND created_at > (SELECT min(created_at) FROM sessions)"
)
_COUNT = "SELECT use_count, (SELECT count(*) FROM sessions WHERE kind = 'guest') FROM guest_staff_qr_tokens"


@pytest.fixture
async def manager(service: Service) -> Headers:
    return await callers.page(service)


async def _show(client: httpx.AsyncClient, token: str, how: str = "validate") -> httpx.Response:
    return await client.post(f"/api/qr/{how}", json={"token": token})


def _user_id(owner_url: str, email: str = "staff@alpha.example") -> str:
    return str(execute(owner_url, "SELECT id FROM users WHERE email = %s", email)[0][0])


class TestStates:
    """Every state with every action: what is answered, and what state the code is in afterwards."""

    @pytest.fixture(params=INTO)
    async def state(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    async def code(
        self, state: str, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> tuple[str, str]:
        """Address and token of a code in this state."""
        made = await make(client, manager)
        execute(owner_url, INTO[state])
        return f"/api/qr/tokens/{made['id']}", token_of(made)

    async def _now(self, client: httpx.AsyncClient, manager: Headers, code: tuple[str, str]) -> str:
        return str((await client.get(code[0], headers=manager)).json()["state"])

    async def test_it_is_told(
        self, state: str, code: tuple[str, str], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        assert await self._now(client, manager, code) == state

    async def test_looking_takes_nothing(
        self, state: str, code: tuple[str, str], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        expected = "Continue as room 204" if state == "active" else "This code is not valid"
        for _ in range(3):
            looked = await client.get(f"/q/{code[1]}", headers={"Accept": "text/html"})
            assert looked.status_code == 200
            assert expected in looked.text
        assert await self._now(client, manager, code) == state

    @pytest.mark.parametrize("how", ["validate", "scan"])
    async def test_only_an_active_one_lets_in(
        self, how: str, state: str, code: tuple[str, str], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        first, second = [(await _show(client, code[1], how)).status_code for _ in range(2)]
        assert (first, second) == (200 if state == "active" else 401, 401)
        assert await self._now(client, manager, code) == ("used" if state == "active" else state)

    async def test_withdrawn_it_is_over_however_often(
        self, state: str, code: tuple[str, str], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        for _ in range(2):
            assert (await client.delete(code[0], headers=manager)).status_code == 204
            expected = "replaced" if state == "replaced" else "revoked"
            assert await self._now(client, manager, code) == expected
        assert (await _show(client, code[1])).status_code == 401

    async def test_replaced_the_new_one_lets_in_and_only_once(
        self, state: str, code: tuple[str, str], client: httpx.AsyncClient, manager: Headers
    ) -> None:
        answer = await client.post(f"{code[0]}/regenerate", headers=manager)
        assert answer.status_code == (409 if state == "replaced" else 201)
        assert await self._now(client, manager, code) == "replaced"
        assert (await _show(client, code[1])).status_code == 401
        if answer.status_code == 201:
            assert (await _show(client, token_of(answer.json()))).status_code == 200
        again = await client.post(f"{code[0]}/regenerate", headers=manager)
        assert (again.status_code, again.json()["code"]) == (409, "conflict")


class TestShow:
    @pytest.mark.parametrize("purpose", ["guest_access", "room_service", "maintenance"])
    async def test_a_guest_is_in_and_is_asked_nothing_else(
        self, purpose: str, client: httpx.AsyncClient, manager: Headers
    ) -> None:
        made = await make(client, manager, purpose=purpose)
        body = (await _show(client, token_of(made))).json()
        token = body.pop("access_token")
        assert 86_300 < body.pop("expires_in") <= 86_400
        assert body == {
            "purpose": purpose,
            "hotel": {"id": str(HOTEL_A), "name": "alpha"},
            "room_label": "204",
            "next": "/guest/chat",
        }
        who = (await client.get("/api/protected", headers={"Authorization": f"Bearer {token}"})).json()
        assert (who["kind"], who["role"], who["hotel_id"]) == ("guest", "guest", str(HOTEL_A))

    async def test_a_scan_names_the_run_of_the_workflow(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        made = await make(client, manager)
        body = (await _show(client, token_of(made), "scan")).json()
        assert body["workflow"]["status"] == "success"
        ((run,),) = execute(owner_url, "SELECT to_jsonb(w) FROM workflow_executions w")
        assert (run["id"], run["workflow"], run["status"]) == (body["workflow"]["id"], "qr_scan", "success")
        assert (run["trigger_id"], run["errors"]) == (made["id"], None)
        assert [(step["name"], step["status"], step["error"]) for step in run["steps"]] == [
            ("claim", "success", None),
            ("session", "success", None),
        ]
        assert run["duration_ms"] >= 0
        ((entry,),) = execute(owner_url, "SELECT to_jsonb(l) FROM user_session_logs l")
        assert (entry["event"], entry["method"], entry["outcome"]) == ("qr_scan", "qr_camera", "success")
        assert (entry["session_id"], entry["qr_token_id"]) == (body["session_id"], made["id"])
        assert entry["ip"] == "203.0.113.9"

    async def test_the_second_use_of_a_code_for_one_is_refused_as_an_unknown_one_is(
        self, client: httpx.AsyncClient, manager: Headers
    ) -> None:
        token = token_of(await make(client, manager))
        assert (await _show(client, token)).status_code == 200
        answers = [await _show(client, text) for text in (token, "x", "\u00e4" * 40, "y" * 256)]
        bodies = [{**answer.json(), "request_id": ""} for answer in answers]
        assert {answer.status_code for answer in answers} == {401}
        assert all(body == bodies[0] for body in bodies)

    @pytest.mark.parametrize("how", ["validate", "scan"])
    async def test_a_suspended_hotel_lets_nobody_in_and_takes_no_use(
        self, how: str, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        token = token_of(await make(client, manager))
        execute(owner_url, "UPDATE hotels SET suspended_at = now()")
        assert (await _show(client, token, how)).status_code == 401
        assert execute(owner_url, _COUNT) == [(0, 0)]
        execute(owner_url, "UPDATE hotels SET suspended_at = NULL")
        assert (await _show(client, token, how)).status_code == 200

    async def test_a_refusal_after_the_claim_gives_the_use_back_and_is_noted(
        self,
        client: httpx.AsyncClient,
        manager: Headers,
        owner_url: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        async def suspended(*_: object) -> None:
            return None

        token = token_of(await make(client, manager))
        with monkeypatch.context() as now:
            now.setattr("hotelctl.app.services.qr_entry.people.hotel", suspended)
            assert (await _show(client, token, "scan")).status_code == 401
        assert execute(owner_url, _COUNT) == [(0, 0)]
        assert execute(owner_url, "SELECT status, errors FROM workflow_executions") == [
            ("failed", {"claim": "unauthenticated"})
        ]
        assert execute(owner_url, "SELECT event, outcome FROM user_session_logs") == [("qr_scan", "refused")]

    async def test_the_eleventh_try_of_a_minute_has_to_wait_and_good_ones_do_not_count(
        self, client: httpx.AsyncClient, manager: Headers
    ) -> None:
        good = token_of(await make(client, manager, max_uses=20))
        for _ in range(11):
            assert (await _show(client, good)).status_code == 200
        for _ in range(10):
            assert (await _show(client, "guessed")).status_code == 401
        answer = await _show(client, good)
        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60

    async def test_a_guest_s_session_ends_with_the_stay_however_often_it_is_used(
        self, client: httpx.AsyncClient, manager: Headers, owner_url: str
    ) -> None:
        stay = datetime.now(UTC) + timedelta(hours=30)
        made = await make(client, manager, stay_ends_at=stay.isoformat())
        token = (await _show(client, token_of(made))).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        left = (
            "SELECT round(extract(epoch FROM expires_at - now()) / 3600) FROM sessions WHERE kind = 'guest'"
        )
        assert execute(owner_url, left) == [(24,)]
        execute(owner_url, "UPDATE sessions SET last_seen_at = now() - interval '6 minutes'")
        execute(owner_url, "UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE kind = 'guest'")
        assert (await client.get("/api/protected", headers=headers)).status_code == 200
        assert execute(owner_url, left) == [(24,)]
        execute(
            owner_url,
            "UPDATE sessions SET last_seen_at = NULL, absolute_expires_at = now() + interval '3 hours'"
            " WHERE kind = 'guest'",
        )
        assert (await client.get("/api/protected", headers=headers)).status_code == 200
        assert execute(owner_url, left) == [(3,)]


class TestStaffCode:
    @pytest.fixture
    async def token(self, client: httpx.AsyncClient, manager: Headers, owner_url: str) -> str:
        body = {"purpose": "staff_access", "user_id": _user_id(owner_url)}
        return token_of((await client.post("/api/qr/generate", json=body, headers=manager)).json())

    async def _enter(
        self, client: httpx.AsyncClient, challenge: str, password: str = PASSWORD
    ) -> httpx.Response:
        body = {"challenge_id": challenge, "password": password}
        return await client.post("/api/auth/staff-qr", json=body)

    async def test_never_logs_in_alone(self, token: str, client: httpx.AsyncClient, owner_url: str) -> None:
        body = (await _show(client, token, "scan")).json()
        assert "access_token" not in body
        assert (body["purpose"], body["workflow"]["status"], body["session_id"]) == (
            "staff_access",
            "partial",
            None,
        )
        assert execute(owner_url, _COUNT) == [(0, 0)]
        entered = await self._enter(client, body["challenge_id"])
        assert entered.status_code == 200
        assert entered.json()["user"]["id"] == _user_id(owner_url)
        bearer = {"Authorization": f"Bearer {entered.json()['access_token']}"}
        assert (await client.get("/api/protected", headers=bearer)).json()["role"] == "staff"
        assert execute(owner_url, _LONGEST_HOURS) == [("api", 8)]
        assert execute(owner_url, "SELECT use_count FROM guest_staff_qr_tokens") == [(1,)]
        assert execute(
            owner_url, "SELECT status, user_id::text FROM workflow_executions ORDER BY started_at"
        ) == [
            ("partial", None),
            ("success", _user_id(owner_url)),
        ]

    async def test_a_wrong_password_takes_no_use(
        self, token: str, client: httpx.AsyncClient, owner_url: str
    ) -> None:
        challenge = (await _show(client, token)).json()["challenge_id"]
        assert (await self._enter(client, challenge, "wrong")).status_code == 401
        assert execute(owner_url, _COUNT) == [(0, 0)]
        assert (await self._enter(client, challenge)).status_code == 200
        assert (await self._enter(client, challenge)).status_code == 401

    async def test_a_claim_that_is_refused_is_noted_as_a_run_that_failed(
        self, token: str, client: httpx.AsyncClient, owner_url: str
    ) -> None:
        challenge = (await _show(client, token)).json()["challenge_id"]
        assert [(await self._enter(client, challenge)).status_code for _ in range(2)] == [200, 401]
        runs = "SELECT status, errors FROM workflow_executions ORDER BY started_at, id"
        assert execute(owner_url, runs) == [
            ("partial", None),
            ("success", None),
            ("failed", {"claim": "unauthenticated"}),
        ]
        logged = "SELECT outcome FROM user_session_logs WHERE event = 'qr_scan' ORDER BY created_at, id"
        assert execute(owner_url, logged) == [("success",), ("refused",)]

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE users SET suspended_at = now() WHERE email = 'staff@alpha.example'",
            "UPDATE hotels SET suspended_at = now()",
            *(statement for state, statement in INTO.items() if state != "active"),
        ],
    )
    async def test_what_happened_since_the_challenge_counts(
        self, change: str, token: str, client: httpx.AsyncClient, owner_url: str
    ) -> None:
        challenge = (await _show(client, token)).json()["challenge_id"]
        execute(owner_url, change)
        before = execute(owner_url, _COUNT)
        assert (await self._enter(client, challenge)).status_code == 401
        assert execute(owner_url, _COUNT) == before

    async def test_a_made_up_challenge_and_an_access_token_are_none(self, client: httpx.AsyncClient) -> None:
        bearer = (await callers.bearer(client))["Authorization"].split()[1]
        for challenge in ("x", "a.b.c", bearer):
            assert (await self._enter(client, challenge)).status_code == 401

    async def test_a_challenge_is_no_access_token(self, token: str, client: httpx.AsyncClient) -> None:
        challenge = (await _show(client, token)).json()["challenge_id"]
        headers = {"Authorization": f"Bearer {challenge}"}
        assert (await client.get("/api/protected", headers=headers)).status_code == 401
