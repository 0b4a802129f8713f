import json

import httpx
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers, codes
from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_MAKE, _LIST = "/api/qr/generate", "/api/qr/tokens"


async def test_a_picture_of_something_else_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_MAKE, svg="<svg/>")
    assert "the SVG does not show the code's address" in await verdict("P2")


async def test_a_png_of_something_else_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_MAKE, png_base64="AAAA")
    assert "the PNG does not show the code's address" in await verdict("P2")


async def test_a_list_that_shows_tokens_is_seen(verdict: Verdict, lying: Lying) -> None:
    tokens = []

    def leak(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == _MAKE and response.status_code == 201:
            tokens.append(response.json()["url"].rpartition("/")[2])
        if request.url.path == _LIST:
            return httpx.Response(200, json=response.json() | {"leak": tokens})
        return response

    lying.lies.append(leak)
    assert "FAIL GET /api/qr/tokens?state=active: the answer shows the token of a code" in await verdict("P2")


async def test_a_code_for_whoever_asks_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _MAKE, 201, after=1)
    assert f"FAIL POST {_MAKE}: answered 201, must be 403" in await verdict("P2")


async def test_a_code_for_another_hotels_user_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _MAKE, 201, after=2)
    assert f"FAIL POST {_MAKE}: answered 201, must be 404" in await verdict("P2")


async def test_what_is_asked_for_of_others_is_really_theirs(
    verdict: Verdict, lying: Lying, service: Service, owner_url: str
) -> None:
    await callers.guest(service)
    paths, bodies = [], []

    def note(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        paths.append(request.url.path)
        bodies.append(request.content)
        return response

    lying.lies.append(note)
    assert await verdict("P2") == "PASS"
    (code_id,) = codes.execute(owner_url, "SELECT id FROM guest_staff_qr_tokens")[0]
    assert f"{_LIST}/{code_id}" in paths
    others = codes.execute(owner_url, "SELECT id FROM users WHERE email LIKE '%%.example'")
    asked_for = json.loads(bodies[-1])
    assert asked_for["user_id"] in {str(user_id) for (user_id,) in others}
