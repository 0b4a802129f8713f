from types import SimpleNamespace
from typing import Annotated
from uuid import UUID

import psycopg
import pytest
from fastapi import APIRouter, FastAPI

from hotelctl.app.api.require import signed_in
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.principal import Principal
from hotelctl.app.smoke import isolation
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.smoke.conftest import Verdict

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
    monkeypatch.setattr(isolation, "ROUTED", (SimpleNamespace(router=router),))


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
