import ssl
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from hotelctl.app.domain.mails import invitation
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.people import HOTEL_A
from tests.app_system.mail_server import PASSWORD, MailServer, listening

pytestmark = [pytest.mark.system, pytest.mark.anyio]


@pytest.mark.usefixtures("trusted")
async def test_an_invitation_reaches_a_real_server(
    certificate: ssl.SSLContext, app_url: str, hotels: str, settings_of: Callable[..., Settings]
) -> None:
    server = MailServer()
    async with listening(server, certificate) as port:
        settings = settings_of(
            app_url,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_user="assistant",
            smtp_password=PASSWORD,
            email_from="assistant@hotel.example",
        )
        service = Service(settings, keyring.load(settings.hotel_keyring), Identity())
        mail = invitation("new@alpha.example", "Grand Hôtel", "https://h.example/i/t", timedelta(hours=72))
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
