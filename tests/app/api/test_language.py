import re

import httpx
import psycopg
import pytest
from starlette.requests import Request

from hotelctl.app.api.language import texts_for
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import make, token_of
from tests.app.forms import OWN, come_in, submit


def _asking(accepted: str | None, **state: str) -> Request:
    headers = [] if accepted is None else [(b"accept-language", accepted.encode())]
    return Request({"type": "http", "headers": headers, "state": state})


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


def test_the_hotel_of_who_is_inside_is_known_without_being_named() -> None:
    assert texts_for(_asking("pl", locale="it-CH")).language == "it"
    assert texts_for(_asking("fr", locale="it-CH")).language == "fr"


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
        english = {text for text in texts_in("en").sections["chat"].values() if isinstance(text, str)}
        shown = set(re.findall(r">([^<>{}]+)<|aria-label=\"([^\"]+)\"", page))
        assert not english & {text.strip() for pair in shown for text in pair} - {""}

    async def test_the_log_in_is_in_the_browser_s_language(self, client: httpx.AsyncClient) -> None:
        headers = {"Accept-Language": "it", "Sec-Fetch-Site": "same-origin"}
        page = (await client.post("/login", data={"email": "x", "password": "y"}, headers=headers)).text
        assert '<html lang="it">' in page
        assert "E-mail o password sbagliata." in page

    async def test_staff_reads_the_hotel_s_language_or_the_own_one(
        self, client: httpx.AsyncClient, hotels: str
    ) -> None:
        await come_in(client, hotels, "staff")
        for path, german, spanish in (
            ("/staff", "Ihre Aufträge", "Sus tareas"),
            ("/staff/tickets", "Ticket öffnen", "Abrir una incidencia"),
            ("/account", "Passwort ändern", "Cambiar la contraseña"),
            ("/admin", "Dazu haben Sie keine Berechtigung.", "Usted no tiene permiso para esto."),
        ):
            for accepted, spoken, words in (("pl", "de", german), ("es-MX", "es", spanish)):
                page = (await client.get(path, headers={**OWN, "Accept-Language": accepted})).text
                assert f'<html lang="{spoken}">' in page, path
                assert words in page, path

    async def test_what_is_wrong_with_a_form_is_said_in_the_same_language(
        self, client: httpx.AsyncClient, hotels: str
    ) -> None:
        await come_in(client, hotels, "staff")
        page = (await submit(client, "/staff/tickets/new", "/staff/tickets/new", {"title": "x"})).text
        assert "Ein Titel hat 3 bis 180 Zeichen." in page
        page = (await submit(client, "/account/password", "/account/password", {"current": "x"})).text
        assert "Verwenden Sie mindestens 12 Zeichen." in page
