import httpx
import pytest

from hotelctl.app.api.scan_page import token_in
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import execute, make, token_of
from tests.app.forms import OWN, enter

_HERE = "/staff/scan"
_PUBLIC = "https://hotel.example"
_TOKEN = "k3Jx9Q" + "_-" * 18


@pytest.mark.parametrize(
    "given", [_TOKEN, f" {_TOKEN}\n", f"{_PUBLIC}/q/{_TOKEN}", f"{_PUBLIC}/q/{_TOKEN}?x=1"]
)
def test_a_code_is_its_address_or_the_part_behind_it(given: str) -> None:
    assert token_in(given, _PUBLIC) == _TOKEN


@pytest.mark.parametrize(
    "given",
    [
        "",
        "204",
        f"https://evil.example/q/{_TOKEN}",
        f"http://hotel.example/q/{_TOKEN}",
        f"{_PUBLIC}/{_TOKEN}",
        f"{_PUBLIC}/q/../{_TOKEN}",
        f"{_PUBLIC}/q/",
        f"//evil.example/{_TOKEN}",
        f"/q/{_TOKEN}",
        "https://[/q/" + _TOKEN,
        _TOKEN + "\x00",
        "x" * 257,
    ],
)
def test_everything_else_is_none(given: str) -> None:
    assert token_in(given, _PUBLIC) is None


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody who is not inside yet."""
    client.base_url = httpx.URL(_PUBLIC)
    return client


@pytest.mark.database
@pytest.mark.anyio
@pytest.mark.usefixtures("hotels")
class TestPage:
    async def test_it_alone_may_use_the_camera_and_is_there_before_the_log_in(
        self, browser: httpx.AsyncClient
    ) -> None:
        shown = await browser.get(_HERE, headers=OWN)
        assert shown.status_code == 200
        assert '<main id="main" data-page="scan"' in shown.text
        assert shown.headers["Permissions-Policy"] == "camera=(self), geolocation=(), microphone=()"
        login = await browser.get("/login", headers=OWN)
        assert f'href="{_HERE}"' in login.text
        assert login.headers["Permissions-Policy"].startswith("camera=()")
        await enter(browser, "staff@alpha.example")
        assert "Log out" in (await browser.get(_HERE, headers=OWN)).text

    async def test_a_code_leads_to_its_page_and_is_not_used(
        self, browser: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        token = token_of(await make(browser, await callers.page(service)))
        answer = await browser.post(_HERE, data={"code": f"{_PUBLIC}/q/{token}"}, headers=OWN)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/q/{token}")
        assert (await browser.get(answer.headers["Location"], headers=OWN)).status_code == 200
        assert execute(owner_url, "SELECT use_count FROM guest_staff_qr_tokens") == [(0,)]

    @pytest.mark.parametrize("given", ["", "204", f"https://evil.example/q/{_TOKEN}"])
    async def test_what_is_no_code_leads_nowhere(self, given: str, browser: httpx.AsyncClient) -> None:
        answer = await browser.post(_HERE, data={"code": given}, headers=OWN)
        assert answer.status_code == 422
        assert '<p class="wrong" id="code-said">This is no code of the assistant.' in answer.text
        assert "evil" not in answer.text

    async def test_another_site_sends_nobody_to_a_code(self, browser: httpx.AsyncClient) -> None:
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert (await browser.post(_HERE, data={"code": _TOKEN}, headers=headers)).status_code == 403
