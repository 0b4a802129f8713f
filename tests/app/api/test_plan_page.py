import httpx
import pytest

from tests.app.forms import OWN, come_in, submit
from tests.app.people import HOTEL_A
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/admin/plan"
_STORED = "SELECT plan, ai_monthly_limit FROM hotels WHERE id = %s"


async def test_an_admin_has_no_such_page_and_no_link_to_it(client: httpx.AsyncClient, hotels: str) -> None:
    await come_in(client, hotels, "admin")
    assert (await client.get(_HERE, headers=OWN)).status_code == 403
    assert _HERE not in (await client.get("/account", headers=OWN)).text


async def test_what_the_owner_s_form_says_holds_and_is_shown_again(
    client: httpx.AsyncClient, hotels: str, owner_url: str
) -> None:
    await come_in(client, hotels, "owner")
    html = (await client.get(_HERE, headers=OWN)).text
    assert '<main id="main" data-page="plan"' in html
    assert f'href="{_HERE}" aria-current="page"' in html
    assert "0 of 2000 answers of the assistant." in html
    given = {"plan": " grand ", "ai_monthly_limit": "500"}
    answer = await submit(client, _HERE, _HERE, given)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{_HERE}?said=saved")
    assert one(owner_url, _STORED, HOTEL_A) == ("grand", 500)
    assert one(owner_url, "SELECT action FROM audit_events") == ("plan.update",)
    html = (await client.get(f"{_HERE}?said=saved", headers=OWN)).text
    assert "0 of 500 answers of the assistant." in html
    assert "Saved. It holds from the next question on." in html


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("plan", "Best plan", "A plan is up to 40 of a-z, 0-9, _ and -."),
        ("ai_monthly_limit", "many", "A whole number from 0 to 10000000."),
        ("ai_monthly_limit", "", "A whole number from 0 to 10000000."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    field: str, value: str, said: str, client: httpx.AsyncClient, hotels: str, owner_url: str
) -> None:
    await come_in(client, hotels, "owner")
    answer = await submit(client, _HERE, _HERE, {"plan": "grand", "ai_monthly_limit": "7", field: value})
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">{said}</p>' in answer.text
    assert f'value="{value}"' in answer.text
    assert one(owner_url, _STORED, HOTEL_A) == ("standard", 2000)


async def test_a_form_that_is_not_ours_changes_nothing(
    client: httpx.AsyncClient, hotels: str, owner_url: str
) -> None:
    await come_in(client, hotels, "owner")
    given = {"plan": "grand", "ai_monthly_limit": "7", "csrf": "x"}
    assert (await client.post(_HERE, data=given, headers=OWN)).status_code == 403
    assert one(owner_url, _STORED, HOTEL_A) == ("standard", 2000)
