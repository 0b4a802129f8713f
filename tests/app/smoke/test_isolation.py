import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated
from uuid import UUID

import psycopg
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse

from hotelctl.app.api.require import require, signed_in
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.principal import Principal
from hotelctl.app.smoke import routes
from hotelctl.app.smoke.run import Run, run_probes
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.smoke.conftest import Verdict, unhurried

pytestmark = [pytest.mark.database, pytest.mark.anyio]


def _things(app: FastAPI, monkeypatch: pytest.MonkeyPatch, shown: set[str], place: str = "/api/new") -> None:
    """A route about users by id, which shows those of `shown`."""
    router = APIRouter()

    @router.get(f"{place}/users/{{user_id}}")
    async def one(user_id: UUID, _: Annotated[Principal, signed_in()]) -> str:
        if str(user_id) in shown:
            return "here"
        raise NotFound

    app.include_router(router)
    monkeypatch.setattr(routes, "ROUTED", (SimpleNamespace(router=router),))


@pytest.mark.parametrize("place", ["/api/new", "/admin"])
async def test_routes_that_hide_what_is_not_theirs_pass(
    verdict: Verdict, app: FastAPI, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    _things(app, monkeypatch, set(), place)
    assert await verdict("P8") == "PASS"


async def test_a_route_that_shows_another_hotels_object_is_seen(
    verdict: Verdict, app: FastAPI, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(hotels) as connection:
        statement = "SELECT id::text FROM users WHERE hotel_id = ANY (%s)"
        found = connection.execute(statement, ([HOTEL_A, HOTEL_B],)).fetchall()
    _things(app, monkeypatch, {row[0] for row in found})
    assert await verdict("P8") == (
        "FAIL GET /api/new/users/{user_id}: answered 200 for another hotel's object, must be 404"
    )


async def test_of_several_faults_the_first_by_its_path_is_told_whichever_answers_first(
    verdict: Verdict, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    router, both = APIRouter(), asyncio.Barrier(2)

    @router.get("/api/new/first/{user_id}")
    async def first(user_id: UUID) -> str:
        async with asyncio.timeout(10):
            await both.wait()
        await asyncio.sleep(0.2)
        return str(user_id)

    @router.get("/api/new/second/{user_id}")
    async def second(user_id: UUID) -> str:
        async with asyncio.timeout(10):
            await both.wait()
        return str(user_id)

    app.include_router(router)
    monkeypatch.setattr(routes, "ROUTED", (SimpleNamespace(router=router),))
    assert await verdict("P8") == (
        "FAIL GET /api/new/first/{user_id}: answered 200 for another hotel's object, must be 404"
    )


def _kept(hotels: str, statement: str) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute(statement.encode(), {"hotel": HOTEL_A})


_EVERYBODY = " ".join(f"{who}@{where}.example" for who in ("manager", "staff") for where in ("alpha", "beta"))
_CODE = (
    "INSERT INTO guest_staff_qr_tokens (id, hotel_id, purpose, token_hash, prefix, room_label, expires_at)"
    " VALUES (gen_random_uuid(), %(hotel)s, 'guest_access', decode(repeat('ab', 32), 'hex'), 'abcdef', '31',"
    " now() + interval '1 hour')"
)


def _listing(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, show: Callable[[Request], str], place: str
) -> None:
    """A route of any kind that answers what `show` says."""
    router = APIRouter()

    @router.get(place, response_class=PlainTextResponse)
    async def listed(
        request: Request, _: Annotated[Principal, signed_in()], room: str = "", user_id: UUID | None = None
    ) -> str:
        assert user_id is None or room == ""
        return show(request)

    app.include_router(router)
    monkeypatch.setattr(routes, "ROUTED", (SimpleNamespace(router=router),))


async def test_a_list_that_shows_another_hotels_row_is_seen(
    verdict: Verdict, app: FastAPI, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(hotels) as connection:
        rows = connection.execute("SELECT id FROM users WHERE hotel_id = ANY (%s)", ([HOTEL_A, HOTEL_B],))
        found = [str(row[0]) for row in rows]
    _listing(app, monkeypatch, lambda _: f"our own and {found}", "/api/new")
    assert await verdict("P8") == "FAIL GET /api/new: the answer (200) shows a row of users of another hotel"


async def test_a_list_that_shows_another_hotels_people_is_seen(
    verdict: Verdict, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    _listing(app, monkeypatch, lambda _: _EVERYBODY, "/api/new")
    assert "the answer (200) shows the address of a user of another hotel" in await verdict("P8")


@pytest.mark.parametrize("name", ["room", "user_id"])
async def test_a_list_that_another_hotels_room_or_person_opens_is_seen(
    verdict: Verdict, app: FastAPI, hotels: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _kept(hotels, _CODE)
    _listing(
        app, monkeypatch, lambda asked: str(HOTEL_B) if asked.query_params.get(name) else "ours", "/api/new"
    )
    assert await verdict("P8") == "FAIL GET /api/new: the answer (200) shows the id of another hotel"


async def test_what_was_asked_with_is_no_row_that_is_shown(
    verdict: Verdict, app: FastAPI, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kept(hotels, _CODE)
    _listing(app, monkeypatch, lambda asked: str(asked.query_params), "/api/new")
    assert await verdict("P8") == "PASS"


@pytest.mark.parametrize("kept", ["ab" * 32, "abcdef", "q6ur" * 10 + "q6s", "31"])
async def test_a_code_that_opens_by_what_is_kept_of_it_is_seen(
    verdict: Verdict, app: FastAPI, hotels: str, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    _kept(hotels, _CODE)
    router = APIRouter()

    @router.get("/api/new/{token}", response_class=PlainTextResponse)
    async def opened(token: str) -> str:
        return "come in" if token == kept else "unknown"

    app.include_router(router)
    monkeypatch.setattr(routes, "ROUTED", (SimpleNamespace(router=router),))
    assert await verdict("P8") == (
        "FAIL GET /api/new/{token}: answers otherwise for another hotel's code than for one that nobody has"
    )


@pytest.mark.parametrize("room", ["1", "7", "A", "Suite & <b> 7", "ä 1", "%41"])
async def test_a_room_that_is_called_like_half_the_page_opens_nothing(
    verdict: Verdict, hotels: str, room: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute(_CODE.encode(), {"hotel": HOTEL_A})
        connection.execute("UPDATE guest_staff_qr_tokens SET room_label = %s", (room,))
    assert await verdict("P8") == "PASS"


async def test_all_that_can_be_looked_at_is_asked_for_by_somebody_who_may(run: Run, hotels: str) -> None:
    _kept(hotels, _CODE)
    (result,) = await run_probes(unhurried("P8"), run)
    assert (result["status"], result["why"]) == ("PASS", "")
    measured = {one["name"]: one["value"] for one in result["measured"]}
    assert measured["objects of other hotels asked for"] >= 4
    asked = [route for route in routes.readable() if not route.parameters]
    # What wants the operator's token, and pages that lead on elsewhere, give nothing to search.
    assert measured["answers searched for other hotels"] >= len(asked) - 5


async def test_asking_with_codes_counts_for_nobody_on_this_machine(
    run: Run, hotels: str, owner_connection: psycopg.Connection
) -> None:
    _kept(hotels, _CODE)
    assert {route.path for route in routes.readable() if route.counted_in} == {"/set-password/{token}"}
    for _ in range(3):
        (result,) = await run_probes(unhurried("P8"), run)
        assert (result["status"], result["why"]) == ("PASS", "")
    counted = "SELECT bucket FROM rate_limits WHERE hits > 0 AND bucket IN ('one_time_link', 'qr.validate')"
    assert owner_connection.execute(counted.encode()).fetchall() == []


async def test_what_only_an_owner_sees_is_searched_too(
    verdict: Verdict, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()

    @router.get("/api/new", response_class=PlainTextResponse)
    async def bills(_: Annotated[Principal, require("billing.manage")]) -> str:
        return str(HOTEL_B)

    app.include_router(router)
    monkeypatch.setattr(routes, "ROUTED", (SimpleNamespace(router=router),))
    assert await verdict("P8") == "FAIL GET /api/new: the answer (200) shows the id of another hotel"
