import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from hotelctl.app.external_settings import MailSettings
from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import CallFailed, Standing, State
from hotelctl.app.services.external.smtp import Smtp

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_PASSWORD = "s3cr3t"


class MailServer:
    """Takes mail from the user `assistant`; refuses recipients that begin with `no` or `later`."""

    def __init__(self) -> None:
        self.log_ins: list[str] = []
        self.taken: list[Envelope] = []

    def authenticate(self, *args: Any) -> AuthResult:  # noqa: ANN401 - five of the library's own
        data = args[-1]
        self.log_ins.append(data.login.decode())
        good = (data.login, data.password) == (b"assistant", _PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, *args: Any) -> str:  # noqa: ANN401, N802 - the library's names
        envelope, address = args[2], args[3]
        if address.startswith("no"):
            return f"550 {_PASSWORD} no such user"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *args: Any) -> str:  # noqa: ANN401, N802 - same
        self.taken.append(args[2])
        return "250 OK"


@asynccontextmanager
async def listening(server: MailServer, certificate: ssl.SSLContext | None) -> AsyncIterator[int]:
    """The port of a server that demands STARTTLS and a log-in; without certificate it offers neither."""
    protocols: list[SMTP] = []

    def connect() -> SMTP:
        protocol = SMTP(
            server,
            hostname="mail.test",
            authenticator=server.authenticate,
            tls_context=certificate,
            require_starttls=certificate is not None,
            auth_required=certificate is not None,
        )
        protocols.append(protocol)
        return protocol

    running = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()
        for protocol in protocols:
            if protocol.transport:
                protocol.transport.close()
        await asyncio.sleep(0.01)


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process trusts the test's authority."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def smtp(port: int, **more: object) -> Smtp:
    """The mail server at this port."""
    values = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": "assistant",
        "smtp_password": _PASSWORD,
        "email_from": "assistant@hotel.example",
    }
    return Smtp(MailSettings.model_validate({**values, **more}))


async def _check(port: int, **more: object) -> Standing:
    standing = await smtp(port, **more).check()
    assert _PASSWORD not in repr(standing)
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
        await smtp(port).send(_mail("guest@example.net"), 5)
    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("assistant@hotel.example", ["guest@example.net"])


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("to", "code"), [("no", "recipient_refused"), ("later", "refused_for_now")])
async def test_a_refused_message_has_its_word_and_not_the_server_s(
    to: str, code: str, certificate: ssl.SSLContext
) -> None:
    async with listening(MailServer(), certificate) as port:
        with pytest.raises(CallFailed) as caught:
            await smtp(port).send(_mail(f"{to}@example.net"), 5)
    assert (caught.value.code, str(caught.value)) == (code, code)
