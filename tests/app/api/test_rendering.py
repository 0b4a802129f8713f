import re

import httpx
import pytest

from tests.app.forms import OWN

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_the_frame_can_be_used_without_eyes_or_mouse(client: httpx.AsyncClient) -> None:
    html = (await client.get("/login", headers=OWN)).text
    for part in ('<html lang="en">', 'href="#main"', '<main id="main" data-page="login"', 'name="viewport"'):
        assert part in html
    assert html.count("<h1") == 1
    inputs = re.findall(r'<input id="(\w+)"', html)
    assert inputs
    assert all(f'<label for="{name}"' in html for name in inputs)


async def test_whatever_a_page_names_is_served_here(client: httpx.AsyncClient) -> None:
    html = (await client.get("/login", headers=OWN)).text
    addresses = re.findall(r'(?:href|src|action)="([^"#]+)"', html)
    assert addresses
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address
    assert "style=" not in html
    assert " on" not in re.sub(r">[^<]*<", "><", html)
