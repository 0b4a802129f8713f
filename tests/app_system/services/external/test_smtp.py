import asyncio
import ssl
from email.message import EmailMessage

import pytest

from hotelctl.app.external_settings import MailSettings
from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import CallFailed, Standing, State
from hotelctl.app.services.external.smtp import Smtp
from tests.app_system.mail_server import PASSWORD, MailServer, listening

pytestmark = [pytest.mark.system, pytest.mark.anyio]


def smtp(port: int, **more: object) -> Smtp:
    """The mail server at this port."""
    values = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": "assistant",
        "smtp_password": PASSWORD,
        "email_from": "assistant@hotel.example",
    }
    return Smtp(MailSettings.model_validate({**values, **more}))


async def _check(port: int, **more: object) -> Standing:
    standing = await smtp(port, **more).check()
    assert PASSWORD not in repr(standing)
    return standing


@pytest.mark.usefixtures("trusted")
async def test_ok_is_said_after_encryption_and_log_in_and_no_mail_went(certificate: ssl.SSLContext) -> None:
    server = MailServer()
    async with listening(server, certificate) as port:
        standing = await _check(port)
    assert (standing.state, standing.code) == (State.OK, None)
    assert (server.log_ins, server.taken) == (["assistant"], [])


@pytest.mark.usefixtures("trusted")
async def test_a_wrong_password(certificate: ssl.SSLContext) -> None:
    async with listening(MailServer(), certificate) as port:
        standing = await _check(port, smtp_password="s3cr3t-but-old")
    assert (standing.state, standing.code) == (State.FAILED, "unauthorized")


async def test_a_certificate_that_nobody_trusts_gets_no_password(certificate: ssl.SSLContext) -> None:
    server = MailServer()
    async with listening(server, certificate) as port:
        assert (await _check(port)).code == "tls"
    assert server.log_ins == []


@pytest.mark.usefixtures("trusted")
async def test_a_server_without_encryption_gets_no_password() -> None:
    server = MailServer()
    async with listening(server, None) as port:
        assert (await _check(port)).code == "not_supported"
    assert server.log_ins == []


async def test_silence_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LIMIT_S", 0.3)
    over = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    assert (await _check(server.sockets[0].getsockname()[1])).code == "timeout"
    over.set()
    server.close()


async def test_nobody_there_is_unreachable() -> None:
    assert (await _check(1)).code == "unreachable"


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "assistant@hotel.example", to, "Hello"
    message.set_content("text")
    return message


@pytest.mark.usefixtures("trusted")
async def test_a_message_is_handed_over(certificate: ssl.SSLContext) -> None:
    server = MailServer()
    async with listening(server, certificate) as port:
        await smtp(port).send(_mail("guest@example.net"), 60)
    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("assistant@hotel.example", ["guest@example.net"])


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("to", "code"), [("no", "recipient_refused"), ("later", "refused_for_now")])
async def test_a_refused_message_has_its_word_and_not_the_server_s(
    to: str, code: str, certificate: ssl.SSLContext
) -> None:
    async with listening(MailServer(), certificate) as port:
        with pytest.raises(CallFailed) as caught:
            await smtp(port).send(_mail(f"{to}@example.net"), 60)
    assert (caught.value.code, str(caught.value)) == (code, code)
