from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.services.post import Post
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.codes import execute
from tests.app.forms import OWN, enter
from tests.app.mail import SERVER, Noted, link_in

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HERE = "/forgot-password"
_EMAIL = "staff@alpha.example"
_SENT = "SELECT recipient FROM outbox"


@pytest.fixture
def _mails(service: Service, settings_of: Callable[..., Settings], app_url: str) -> None:
    service.post = Post(service.db, Noted(settings_of(app_url, **SERVER)), service.probe)


async def _ask(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post(_HERE, data={"email": email}, headers=OWN)


async def test_where_no_mail_can_be_sent_there_is_no_such_page(
    client: httpx.AsyncClient, service: Service
) -> None:
    assert _HERE not in (await client.get("/login", headers=OWN)).text
    assert (await client.get(_HERE, headers=OWN)).status_code == 404
    assert (await _ask(client, _EMAIL)).status_code == 404
    assert len(service.background) == 0


@pytest.mark.usefixtures("_mails")
async def test_from_the_log_in_to_a_password_of_one_s_own(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    assert f'href="{_HERE}"' in (await client.get("/login", headers=OWN)).text
    assert f'action="{_HERE}"' in (await client.get(_HERE, headers=OWN)).text
    assert (await _ask(client, _EMAIL)).status_code == 200
    await service.background.settle(5)
    [(body,)] = execute(owner_url, "SELECT body FROM outbox")
    chosen = "chosen by myself now"
    answer = await client.post(link_in(body) or "", data={"new": chosen, "again": chosen}, headers=OWN)
    assert answer.status_code == 303
    assert (await enter(client, _EMAIL, chosen)).headers["Location"] == "/home"


@pytest.mark.usefixtures("_mails")
async def test_each_address_is_answered_alike_and_before_anybody_looks_it_up(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    pages = set()
    for email in (_EMAIL, "nobody@alpha.example", "manager@beta.example"):
        answer = await _ask(client, email)
        assert (answer.status_code, len(service.background)) == (200, 1)
        assert execute(owner_url, f"{_SENT} WHERE recipient = %s", email) == []
        pages.add(answer.text.replace(email, "who"))
        await service.background.settle(5)
    assert len(pages) == 1
    assert sorted(execute(owner_url, _SENT)) == [("manager@beta.example",), (_EMAIL,)]


@pytest.mark.usefixtures("_mails")
async def test_what_is_no_address_is_said_and_another_site_sends_nothing(
    client: httpx.AsyncClient, service: Service
) -> None:
    for wrong in ("", "staff", "a\tb@alpha.example", "x" * 300):
        answer = await _ask(client, wrong)
        assert (answer.status_code, "This is no e-mail address." in answer.text) == (422, True)
    foreign = {**OWN, "Sec-Fetch-Site": "cross-site"}
    assert (await client.post(_HERE, data={"email": _EMAIL}, headers=foreign)).status_code == 403
    assert len(service.background) == 0


@pytest.mark.usefixtures("_mails")
async def test_asking_is_limited_for_each_network_address(client: httpx.AsyncClient) -> None:
    found = [(await _ask(client, "staff")).status_code for _ in range(11)]
    assert found == [422] * 10 + [429]
