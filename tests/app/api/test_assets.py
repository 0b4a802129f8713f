import re

import httpx
import pytest

from hotelctl.app.api import assets

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.mark.parametrize("name", ["app.css", "icon.svg"])
async def test_a_file_at_its_own_address_is_kept_for_ever(name: str, client: httpx.AsyncClient) -> None:
    address = assets.address(name)
    assert re.match(r"^/static/\w+\.[0-9a-f]{16}\.\w+$", address)
    answer = await client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith(("text/css", "image/svg+xml"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_address_of_another_release_is_answered_but_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/static/app.0123456789abcdef.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.content == (await client.get(assets.address("app.css"))).content


@pytest.mark.parametrize(
    "path", ["/static/none.0.css", "/static/app.css", "/static/..%2Fbase.0.j2", "/static/app.0.py"]
)
async def test_nothing_else_is_there(path: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(path)).status_code == 404


def test_styles_load_nothing() -> None:
    assert not re.search(rb"url\(|@import|https?:", assets._FILES["app.css"])
