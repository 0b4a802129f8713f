import re
import string
from pathlib import Path

import httpx
import psycopg
import pytest
from starlette.requests import Request

from hotelctl.app.api import language
from hotelctl.app.api.language import Texts, texts_for, texts_in
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.permissions import KNOWN
from hotelctl.app.domain.tickets import TicketStatus
from hotelctl.app.domain.work_orders import WorkOrderStatus
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import make, token_of

_SOURCES = Path(language.__file__).parent
_OTHERS = [found for found in LANGUAGES if found != "en"]


def _asking(accepted: str | None) -> Request:
    headers = [] if accepted is None else [(b"accept-language", accepted.encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accepted", "locale", "expected"),
    [
        (None, "de-AT", "de"),
        (None, "sv", "en"),
        (None, None, "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "de", "fr"),
        ("sv,it;q=0.3,es;q=0.5", "de", "es"),
        ("sv", "de", "de"),
        ("*", "de", "de"),
        ("en;q=0,fr;q=x", "it", "it"),
        ("DE_at;;,", "it", "it"),
    ],
)
def test_the_browser_chooses_then_the_hotel(accepted: str | None, locale: str | None, expected: str) -> None:
    assert texts_for(_asking(accepted), locale).language == expected


def _shape(texts: Texts) -> dict[str, set[str | None]]:
    return {
        f"{section}.{name}": {field for _, field, _, _ in string.Formatter().parse(text)} - {None}
        for section, found in texts.sections.items()
        for name, text in found.items()
    }


@pytest.mark.parametrize("other", _OTHERS)
def test_each_language_says_the_same_with_the_same_values(other: str) -> None:
    assert _shape(texts_in(other)) == _shape(texts_in("en"))
    assert all(text.strip() for found in texts_in(other).sections.values() for text in found.values())


def test_every_text_is_on_a_page_and_every_page_finds_its_texts() -> None:
    sources = [path.read_text() for path in (*_SOURCES.glob("*.py"), *_SOURCES.glob("templates/*.j2"))]
    named = set(re.findall(r'"((?:frame|chat|code|over|outside|entrance|login)\.\w+)"', "\n".join(sources)))
    states = {state.lower() for states in (TicketStatus, WorkOrderStatus) for state in states}
    built = {f"progress.{state}" for state in states} | {"made.done", "made.attached", "made.cancelled"}
    assert (named - set(KNOWN)) | built == set(_shape(texts_in("en")))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_who_asks_for_a_person_by_the_button_is_understood(spoken: str) -> None:
    assert read(texts_in(spoken)("chat.person_said"), spoken).intent.wants_person


@pytest.mark.database
@pytest.mark.anyio
class TestPages:
    @pytest.fixture(autouse=True)
    def german(self, hotels: str) -> None:
        with psycopg.connect(hotels) as connection:
            connection.execute(
                "UPDATE hotels SET locale = 'de-CH', entry_code = 'abcdefgh' WHERE slug = 'alpha'"
            )

    async def test_a_guest_reads_the_hotel_s_language_or_the_own_one(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        manager = await callers.page(service)
        token = token_of(await make(client, manager))
        guest = (await callers.guest(service))["Authorization"].removeprefix("Bearer ")
        inside = {"Cookie": f"__Host-hotel={guest}"}
        for path, headers, german, french in (
            (f"/q/{token}", {}, "Weiter als Zimmer 204", "Continuer pour la chambre 204"),
            ("/guest/chat", inside, "Sitzung beenden", "Terminer la session"),
            ("/h/abcdefgh", {}, "Sie wohnen hier?", "Vous séjournez ici ?"),
            ("/q/over", inside, "Dieser Code ist nicht gültig", "n&#39;est pas valable"),
        ):
            page = (await client.get(path, headers=headers)).text
            assert '<html lang="de">' in page
            assert german in page
            page = (await client.get(path, headers={**headers, "Accept-Language": "fr-FR"})).text
            assert '<html lang="fr">' in page
            assert french in page

    async def test_the_chat_holds_no_english_in_another_language(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        guest = await callers.guest(service)
        cookie = {"Cookie": f"__Host-hotel={guest['Authorization'].removeprefix('Bearer ')}"}
        form = {"Sec-Fetch-Site": "same-origin", **cookie}
        page = (await client.get("/guest/chat", headers=cookie)).text
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        said = {"csrf": csrf, "content": "Zwei Handtücher bitte"}
        assert (await client.post("/guest/chat", data=said, headers=form)).status_code == 303
        page = (await client.get("/guest/chat", headers=cookie)).text
        for word in ("Ja, weitergeben", "War das hilfreich?", "3 von 5", 'data-you="Sie"'):
            assert word in page
        english = {text for found in texts_in("en").sections.values() for text in found.values()}
        shown = set(re.findall(r">([^<>{}]+)<|aria-label=\"([^\"]+)\"", page))
        assert not english & {text.strip() for pair in shown for text in pair} - {""}

    async def test_the_log_in_is_in_the_browser_s_language_and_what_is_not_translated_says_english(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        headers = {"Accept-Language": "it", "Sec-Fetch-Site": "same-origin"}
        page = (await client.post("/login", data={"email": "x", "password": "y"}, headers=headers)).text
        assert '<html lang="it">' in page
        assert "E-mail o password sbagliata." in page
        staff = {**await callers.page(service), **headers}
        assert '<html lang="en">' in (await client.get("/account", headers=staff)).text
