import httpx
import pytest

from hotelctl.app.api.clock import clock_in
from hotelctl.app.domain.texts import texts_in
from tests.app.forms import OWN, come_in, submit
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/account"
_LASTS = (
    "UPDATE sessions SET absolute_expires_at = created_at + %s::interval,"
    " expires_at = created_at + interval '8 hours' RETURNING absolute_expires_at"
)
_MINE = "SELECT locale FROM users WHERE email = 'me@alpha.example'"


@pytest.fixture
async def me(hotels: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The browser of a member of staff."""
    await come_in(client, hotels, "staff")
    return client


async def test_a_chosen_language_is_kept_told_and_can_be_taken_back(
    me: httpx.AsyncClient, hotels: str
) -> None:
    answer = await submit(me, _HERE, _HERE, {"locale": "fr"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?said=saved")
    assert one(hotels, _MINE) == ("fr",)
    html = (await me.get(answer.headers["Location"], headers=OWN)).text
    assert '<html lang="fr"' in html
    assert "Enregistré." in html
    assert '<option value="fr" selected>' in html
    entry = (
        "SELECT action, before ->> 'locale', after ->> 'locale' FROM audit_events ORDER BY id DESC LIMIT 1"
    )
    assert one(hotels, entry) == ("user.update", None, "fr")
    await submit(me, _HERE, _HERE, {"locale": ""})
    assert one(hotels, _MINE) == (None,)
    assert one(hotels, entry) == ("user.update", "fr", None)


async def test_pages_speak_the_browser_s_language_where_it_asks_for_one(me: httpx.AsyncClient) -> None:
    await submit(me, _HERE, _HERE, {"locale": "fr"})
    html = (await me.get(_HERE, headers=OWN | {"Accept-Language": "de"})).text
    assert '<html lang="de"' in html


async def test_a_language_that_nobody_speaks_here_is_refused_beside_its_field(
    me: httpx.AsyncClient, hotels: str
) -> None:
    answer = await submit(me, _HERE, _HERE, {"locale": "xx"})
    assert answer.status_code == 422
    assert '<p class="wrong" id="locale-said">Choose one of the list.</p>' in answer.text
    assert one(hotels, _MINE) == (None,)


@pytest.mark.parametrize(
    ("lasts", "told"),
    [
        ("12 hours", "for 8 more hours; each visit prolongs it, until {} at the latest"),
        ("8 hours", "until {}"),
    ],
)
async def test_it_says_when_one_is_out_in_any_case(
    lasts: str, told: str, me: httpx.AsyncClient, hotels: str
) -> None:
    """After a log-in with the password, and with a staff code."""
    (end,) = one(hotels, _LASTS, lasts)
    html = (await me.get(_HERE, headers=OWN)).text
    assert f"<dd>{told.format(clock_in('UTC', texts_in('en')).at(end))}</dd>" in html


async def test_a_form_that_is_not_ours_changes_nothing(me: httpx.AsyncClient, hotels: str) -> None:
    answer = await me.post(_HERE, data={"locale": "fr"}, headers=OWN)
    assert answer.status_code == 403
    assert one(hotels, _MINE) == (None,)
