"""What routes demand, read from the routes themselves, and how a demand is met."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from hotelctl.app.api import application
from hotelctl.app.api.parts import operator
from hotelctl.app.api.require import Requirement, require, signed_in
from hotelctl.app.api.visitors import GuestDemand, PageDemand
from hotelctl.app.domain.permissions import GRANTS, KNOWN
from hotelctl.app.domain.principal import Principal
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from hotelctl.app.store.engine import Database
from tests.app import callers
from tests.app.people import HOTEL_A, PASSWORD

# Routes that answer whoever asks; every other one knows its caller.
_OPEN = {
    *("/", "/health", "/healthz", "/readyz", "/version", "/api/health/db"),
    *("/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/set-password"),
    *("/api/qr/validate", "/api/qr/scan", "/api/auth/staff-qr", "/q/{token}", "/h/{entry_code}"),
    *("/set-password/{token}", "/forgot-password", "/staff/scan"),
    "/guest",
    *("/login", "/logout", "/guest/leave", "/static/{stem}.{digest}.{suffix}"),
    # By a signature over the body.
    "/api/webhooks/stripe",
    # For operators, or for this machine itself.
    "/metrics",
}

Demands = dict[str, list[Requirement | PageDemand | GuestDemand]]


def _demands(dependant: Dependant) -> Iterator[Requirement | PageDemand | GuestDemand]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Requirement | PageDemand | GuestDemand):
            yield inner.call
        yield from _demands(inner)


@pytest.fixture
def routes(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> dict[str, list[Requirement | PageDemand | GuestDemand]]:
    settings = settings_of("postgresql://x@127.0.0.1:1/x")
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    found: Demands = {}
    for context in iter_route_contexts(application.build(service).routes):
        if isinstance(context.original_route, APIRoute):
            demands = list(_demands(context.original_route.dependant))
            found.setdefault(str(context.path), []).extend(demands)
            if operator in {inner.call for inner in context.original_route.dependant.dependencies}:
                found[str(context.path)].append(Requirement(None))
    return found


def test_every_demanded_permission_is_registered_and_held_by_somebody(
    routes: Demands,
) -> None:
    demanded = {demand.permission for demands in routes.values() for demand in demands}
    assert demanded
    for permission in demanded - {None}:
        assert permission in KNOWN
        assert any(permission in held for held in GRANTS.values()), permission


def test_every_route_knows_its_caller_or_is_open_on_purpose(
    routes: Demands,
) -> None:
    assert {path for path, demands in routes.items() if not demands} == _OPEN


def test_a_permission_that_nobody_registered_cannot_be_demanded() -> None:
    with pytest.raises(ValueError, match=r"widget\.qr"):
        require("widget.qr")


@pytest.fixture
def trying(app: FastAPI) -> None:
    """Routes that say who was let in."""

    async def who_is_it(who: Principal) -> dict[str, Any]:
        return {"kind": who.kind, "role": who.role, "room": who.room_label, "user": who.user_id}

    for path, demand in (
        ("/try/any", signed_in()),
        ("/try/chat", require("chat.use")),
        ("/try/figures", require("analytics.read")),
        ("/try/desk", require("qr.manage")),
    ):

        async def answer(who: Annotated[Principal, demand]) -> dict[str, Any]:
            return await who_is_it(who)

        app.add_api_route(path, answer, methods=["GET", "POST"])


_WITH_DATABASE = [
    pytest.mark.database,
    pytest.mark.anyio,
    pytest.mark.usefixtures("hotels", "trying"),
]


class TestWithADatabase:
    pytestmark = _WITH_DATABASE

    @pytest.mark.quick
    async def test_each_caller_gets_as_far_as_the_registry_says(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        manager = await callers.bearer(client)
        staff = await callers.page(service, "staff@alpha.example")
        guest = await callers.guest(service)
        for path, expected in (
            ("/try/any", (200, 200, 200)),
            ("/try/chat", (200, 200, 200)),
            ("/try/figures", (200, 403, 403)),
            ("/try/desk", (200, 403, 403)),
        ):
            for headers, status in zip((manager, staff, guest), expected, strict=True):
                answer = await client.post(path, headers=headers)
                assert answer.status_code == status, (path, headers)
                assert status == 200 or answer.json()["code"] == "forbidden"

    @pytest.mark.quick
    async def test_a_guest_is_known_by_room_and_nothing_else(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        answer = await client.get("/try/any", headers=await callers.guest(service, "305"))
        assert answer.json() == {"kind": "guest", "role": "guest", "room": "305", "user": None}

    @pytest.mark.quick
    @pytest.mark.parametrize("headers", [{}, {"Cookie": "__Host-hotel=nonsense"}])
    async def test_who_is_unknown_is_told_to_log_in(
        self, headers: dict[str, str], client: httpx.AsyncClient
    ) -> None:
        answer = await client.get("/try/any", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")

    async def test_a_refresh_token_is_no_pass(self, client: httpx.AsyncClient) -> None:
        body = {"email": "manager@alpha.example", "password": PASSWORD}
        token = (await client.post("/api/auth/login", json=body)).json()["refresh_token"]
        for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"__Host-hotel={token}"}):
            assert (await client.get("/try/any", headers=headers)).status_code == 401

    async def test_a_pass_is_no_refresh_token(self, client: httpx.AsyncClient, service: Service) -> None:
        for headers in (await callers.guest(service), await callers.page(service)):
            value = headers.get("Authorization", headers.get("Cookie", ""))
            token = value.removeprefix("Bearer ").removeprefix("__Host-hotel=")
            answer = await client.post("/api/auth/refresh", json={"refresh_token": token})
            assert answer.status_code == 401
            assert (await client.get("/try/any", headers=headers)).status_code == 200

    async def test_another_site_can_look_with_the_cookie_and_change_nothing(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        headers = {**await callers.page(service), "Sec-Fetch-Site": "cross-site"}
        assert (await client.get("/try/any", headers=headers)).status_code == 200
        assert (await client.post("/try/any", headers=headers)).status_code == 403
        del headers["Sec-Fetch-Site"]
        assert (await client.post("/try/any", headers=headers)).status_code == 403
        headers["Origin"] = "https://hotel.example"
        assert (await client.post("/try/any", headers=headers)).status_code == 200

    async def test_reception_hands_out_codes_and_other_staff_does_not(
        self, client: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        with psycopg.connect(owner_url) as connection:
            connection.execute(
                "UPDATE users SET department = 'reception' WHERE email = 'staff@alpha.example'"
            )
        headers = await callers.page(service, "staff@alpha.example")
        assert (await client.get("/try/desk", headers=headers)).status_code == 200

    async def test_the_access_line_says_for_whom(
        self, client: httpx.AsyncClient, service: Service, capsys: pytest.CaptureFixture[str]
    ) -> None:
        await client.get("/try/any", headers=await callers.guest(service))
        assert f'"hotel_id": "{HOTEL_A}", "subject_kind": "guest"' in capsys.readouterr().out

    async def test_a_database_that_does_not_answer_is_503_and_no_refusal(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        headers = [await callers.bearer(client), await callers.guest(service)]
        await service.db.close()
        service.admission._db = Database("postgresql://x@127.0.0.1:1/x", pool_size=1, instance_id="t")
        for one in headers:
            answer = await client.get("/try/chat", headers=one)
            assert (answer.status_code, answer.json()["code"]) == (503, "dependency_unavailable")
            assert answer.headers["Retry-After"] == "2"
