"""SMTP: a connection that is encrypted, and a log-in where a user is set; no mail is sent by a check."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING

from hotelctl.app.external_settings import MailSettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of

if TYPE_CHECKING:
    from aiosmtplib import SMTP, SMTPException

_TEMPORARY = range(400, 500)


class Smtp(Contact):
    """The mail server."""

    name = "smtp"
    extra = "mail"
    library = "aiosmtplib"
    variable = "SMTP_HOST"

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def configured(self) -> bool:
        """Whether a server is named; the settings see to it that a sender is, too."""
        return self._settings.smtp_host is not None

    @property
    def sender(self) -> str:
        """From whom mail comes."""
        return self._settings.email_from or ""

    @property
    def domain(self) -> str:
        """The sender's domain: this side's name in EHLO and in message ids."""
        return self.sender.rpartition("@")[2]

    @asynccontextmanager
    async def _connected(self, limit_s: float) -> AsyncIterator["SMTP"]:
        from aiosmtplib import SMTP, SMTPException  # noqa: PLC0415 - an extra, loaded where it is used

        at_once = self._settings.smtp_security == "tls"
        password = self._settings.smtp_password
        server = SMTP(
            hostname=self._settings.smtp_host,
            port=self._settings.smtp_port,
            username=self._settings.smtp_user,
            password=password.get_secret_value() if password and self._settings.smtp_user else None,
            local_hostname=self.domain,
            timeout=limit_s,
            use_tls=at_once,
            # Demanded, not offered: else whoever stands between could read the password.
            start_tls=not at_once,
            tls_context=ssl.create_default_context(),
        )
        try:
            async with server:
                yield server
        except SMTPException as error:
            raise CallFailed(_code(error)) from None

    async def ask(self) -> None:
        """EHLO, encryption and, where a user is set, the log-in."""
        async with self._connected(LIMIT_S) as server:
            await server.noop()

    async def send(self, message: EmailMessage, limit_s: float) -> None:
        """The server has taken the message; raises CallFailed, TimeoutError or OSError."""
        async with self._connected(limit_s) as server:
            await server.send_message(message)


def _code(error: "SMTPException") -> str:
    from aiosmtplib import (  # noqa: PLC0415 - same
        SMTPAuthenticationError,
        SMTPConnectError,
        SMTPRecipientsRefused,
        SMTPResponseException,
        SMTPServerDisconnected,
        SMTPTimeoutError,
    )

    match error:
        case SMTPAuthenticationError(code=code):
            return "rate_limited" if code in _TEMPORARY else "unauthorized"
        case SMTPRecipientsRefused(recipients=[SMTPResponseException(code=code), *_]):
            return "refused_for_now" if code in _TEMPORARY else "recipient_refused"
        case SMTPResponseException(code=code):
            return "refused_for_now" if code in _TEMPORARY else "refused"
        case SMTPServerDisconnected() | SMTPConnectError() | SMTPTimeoutError():
            return code_of(error)
        case _:
            # The library has one plain error for a server that offers no encryption or no log-in.
            return "not_supported"
