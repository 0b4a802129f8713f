import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes, policy

import httpx
import psycopg
import pytest

from hotelctl.app.api import application
from hotelctl.app.domain.mails import invitation
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app import callers
from tests.app.forms import OWN, enter
from tests.app.mail import link_in
from tests.app.people import HOTEL_A, add_user
from tests.app.talk import open_thread, tell
from tests.app.work import user_id
from tests.app_system.mail_server import PASSWORD, MailServer, listening

pytestmark = [pytest.mark.system, pytest.mark.anyio]


@asynccontextmanager
async def _serving(
    settings: Settings, passwords: Passwords | None = None
) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """A service that answers, and whoever asks it."""
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), passwords)
    service.probe.phase = Phase.SERVING
    transport = httpx.ASGITransport(application.build(service))
    async with httpx.AsyncClient(transport=transport, base_url="https://hotel.example") as client:
        yield service, client
    await service.db.close()


@pytest.mark.usefixtures("trusted")
async def test_who_is_invited_over_http_gets_the_link_by_mail_and_is_in(
    certificate: ssl.SSLContext,
    app_url: str,
    hotels: str,
    settings_of: Callable[..., Settings],
    cheap_passwords: Passwords,
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", "admin")
    server = MailServer()
    async with listening(server, certificate) as port:
        settings = settings_of(app_url, **_account(port))
        async with _serving(settings, cheap_passwords) as (service, client):
            admin = await callers.page(service, "admin@alpha.example")
            body = {"email": "New@Alpha.example", "display_name": "New Face", "role": "staff"}
            answer = await client.post("/api/users", json=body, headers=admin)
            assert (answer.status_code, answer.json()["delivery"]) == (201, "mail")
            assert await service.post.send_due() == 1
            (envelope,) = server.taken
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert (envelope.rcpt_tos, mail["To"]) == (["new@alpha.example"], "new@alpha.example")
            link = link_in(mail.get_content())
            assert link
            fields = {"new": "a password of one's own", "again": "a password of one's own"}
            chosen = await client.post(link, data=fields, headers=OWN)
            assert (chosen.status_code, chosen.headers["Location"]) == (303, "/login?said=password_set")
            entered = await enter(client, "new@alpha.example", fields["new"])
            assert (entered.status_code, entered.headers["Location"]) == (303, "/home")


def _account(port: int) -> dict[str, object]:
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": "assistant",
        "smtp_password": PASSWORD,
        "email_from": "assistant@hotel.example",
    }


@pytest.mark.usefixtures("trusted")
async def test_an_invitation_reaches_a_real_server(
    certificate: ssl.SSLContext, app_url: str, hotels: str, settings_of: Callable[..., Settings]
) -> None:
    server = MailServer()
    async with listening(server, certificate) as port:
        settings = settings_of(app_url, **_account(port))
        service = Service(settings, keyring.load(settings.hotel_keyring), Identity())
        mail = invitation(
            texts_in("en"), "new@alpha.example", "Grand Hôtel", "https://h.example/i/t", timedelta(hours=72)
        )
        async with service.db.transaction(HOTEL_A) as session:
            service.post.enqueue(session, HOTEL_A, mail)
        assert await service.post.send_due() == 1
        await service.db.close()
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["new@alpha.example"]
    assert isinstance(envelope.content, bytes)
    assert b"https://h.example/i/t" in envelope.content
    with psycopg.connect(hotels) as connection:
        found = connection.execute("SELECT status, body, last_error FROM outbox").fetchall()
    assert found == [("sent", None, None)]


@pytest.mark.usefixtures("trusted")
async def test_a_guest_who_wants_a_person_is_told_to_the_hotel_by_a_real_server(
    certificate: ssl.SSLContext, app_url: str, hotels: str, settings_of: Callable[..., Settings]
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"handoff_email": "desk@alpha.example"}'""")
    server = MailServer()
    async with listening(server, certificate) as port:
        settings = settings_of(app_url, **_account(port))
        async with _serving(settings) as (service, client):
            guest = await callers.guest(service)
            thread = await open_thread(client, guest)
            await tell(client, thread, guest, "I want to talk to a human")
            assert await service.post.send_due() == 1
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["desk@alpha.example"]
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Subject"] == "A guest of room 204 waits for a person: alpha"
    assert thread.replace("/api/conversations", "/staff/chats") in mail.get_content()


@pytest.mark.usefixtures("trusted")
async def test_each_is_written_to_in_the_own_language_else_the_hotel_s(
    certificate: ssl.SSLContext, app_url: str, hotels: str, settings_of: Callable[..., Settings]
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", "admin")
        settled = (
            """UPDATE hotels SET locale = 'de-AT', settings = '{"handoff_email": "desk@alpha.example"}'"""
        )
        connection.execute(settled)
        connection.execute("UPDATE users SET locale = 'fr' WHERE email = 'staff@alpha.example'")
    server = MailServer()
    async with listening(server, certificate) as port:
        settings = settings_of(app_url, **_account(port))
        async with _serving(settings) as (service, client):
            admin = await callers.page(service, "admin@alpha.example")
            for email in ("new@alpha.example", "staff@beta.example"):
                body = {"email": email, "display_name": "New Face", "role": "staff"}
                assert (await client.post("/api/users", json=body, headers=admin)).status_code == 201
            link = f"/api/users/{user_id(hotels, 'staff@alpha.example')}/link"
            assert (await client.post(link, headers=admin)).status_code == 201
            guest = await callers.guest(service)
            await tell(client, await open_thread(client, guest), guest, "I want to talk to a human")
            assert await service.post.send_due() == 4
    told = {}
    for envelope in server.taken:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        told[mail["To"]] = (mail["Subject"], mail.get_content().splitlines()[0])
    assert told == {
        "new@alpha.example": ("Ihr Zugang zu alpha", "Guten Tag,"),
        # Somebody of another hotel, whose language is not this one's to know.
        "staff@beta.example": ("Ihr Zugang zu alpha", "Guten Tag,"),
        "staff@alpha.example": ("Un nouveau mot de passe pour alpha", "Bonjour,"),
        "desk@alpha.example": ("Ein Gast aus Zimmer 204 wartet auf das Personal: alpha", "Guten Tag,"),
    }
