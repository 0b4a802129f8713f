import asyncio
import re

import httpx
import pytest
from fastapi import FastAPI

from hotelctl.app.api.rendering import TEMPLATES
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
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


async def test_an_instance_that_serves_has_compiled_every_template(app: FastAPI, service: Service) -> None:
    service.probe.phase = Phase.STARTING
    assert TEMPLATES.cache is not None
    TEMPLATES.cache.clear()
    async with app.router.lifespan_context(app), asyncio.timeout(20):
        while service.probe.phase is Phase.STARTING:  # noqa: ASYNC110 - a phase is no event
            await asyncio.sleep(0.01)
    assert {name for _, name in TEMPLATES.cache} == set(TEMPLATES.list_templates(extensions=["j2"]))
