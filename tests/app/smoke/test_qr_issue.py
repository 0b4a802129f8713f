import httpx
import pytest

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
