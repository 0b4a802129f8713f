"""Mail goes out in two steps: written down with the change that it tells of, then sent by a job."""

import asyncio
import contextlib
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import NotConfigured
from hotelctl.app.domain.ids import is_synthetic, uuid7
from hotelctl.app.domain.mails import Mail
from hotelctl.app.logs import Event, log
from hotelctl.app.services.external.contact import CallFailed, code_of
from hotelctl.app.services.external.smtp import Smtp
from hotelctl.app.services.readiness import ReadinessProbe
from hotelctl.app.store import outbox
from hotelctl.app.store.engine import Database
from hotelctl.app.store.outbox import Claimed
from hotelctl.app.store.tables import OutboxMail

SEND_LIMIT_S = 30.0
_INTERVAL_S = 5.0
_MOST_ATTEMPTS = 12
_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 3600
_HOPELESS = frozenset({"recipient_refused", "bad_address"})


class Post:
    """The mail of one instance."""

    def __init__(self, db: Database, smtp: Smtp, probe: ReadinessProbe) -> None:
        self._db = db
        self._probe = probe
        self._smtp = smtp
        self._wake = asyncio.Event()
        self._over = False

    @property
    def is_configured(self) -> bool:
        """Whether there is a server that mail can be given to."""
        return self._smtp.configured()

    def require(self) -> None:
        """Raises NotConfigured where no mail can be sent, before anything is done that needs one."""
        if not self.is_configured:
            raise NotConfigured

    def enqueue(
        self,
        session: AsyncSession,
        hotel_id: UUID,
        mail: Mail,
        *,
        about: UUID | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """The mail is sent once the session's transaction holds; a probe's is only noted.

        It goes with the conversation that it is about. Raises NotConfigured.
        """
        self.require()
        row = OutboxMail(
            id=uuid7(),
            hotel_id=hotel_id,
            kind=mail.kind.value,
            recipient=mail.recipient,
            status="suppressed",
            conversation_id=about,
        )
        if not_before is not None:
            row.next_attempt_at = not_before
        if not is_synthetic(hotel_id):
            row.status, row.subject, row.body = "pending", mail.subject, mail.body
        session.add(row)
        self._wake.set()

    async def deliver(self) -> None:
        """Sends what is due until it is told to stop; a round that fails is noted and the next one comes."""
        while not self._over:
            self._wake.clear()
            await self._round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_INTERVAL_S):
                    await self._wake.wait()

    async def _round(self) -> None:
        try:
            if (await self._probe.read()).ready:
                await self.send_due()
        except (SQLAlchemyError, TimeoutError, OSError) as error:
            log().warning(Event.MAIL_FAILED, msg="mail waits: no database", exc_info=error)
        except Exception as error:  # noqa: BLE001 - a background task's bug must be seen, and mail still go out
            log().error(Event.CRASHED, msg="unexpected error while sending mail", exc_info=error)

    def stop(self) -> None:
        """No further mail is begun; one under way is brought to its end."""
        self._over = True
        self._wake.set()

    async def send_due(self) -> int:
        """How many mails were sent; each one is held by no transaction while the server is spoken to."""
        async with self._db.transaction() as session:
            hotels = await outbox.due_hotels(session)
        sent = 0
        for hotel_id in hotels:
            async with self._db.transaction(hotel_id) as session:
                await outbox.drop_answered(session)
            while not self._over and (mail := await self._claim(hotel_id)):
                sent += await self._send(hotel_id, mail)
        return sent

    async def _claim(self, hotel_id: UUID) -> Claimed | None:
        async with self._db.transaction(hotel_id) as session:
            return await outbox.claim(session)

    async def _send(self, hotel_id: UUID, mail: Claimed) -> bool:
        code = await self._failure(mail)
        async with self._db.transaction(hotel_id) as session:
            if code is None:
                await outbox.settle_sent(session, mail)
            elif code in _HOPELESS or mail.attempts >= _MOST_ATTEMPTS:
                await outbox.settle_failed(session, mail, code)
            else:
                await outbox.settle_later(session, mail, code, wait_s(mail.attempts))
        # No address and no text: the log is read by more people than the mail.
        facts = {"mail_id": str(mail.id), "kind": mail.kind, "attempts": mail.attempts}
        if code is None:
            log().info(Event.MAIL_SENT, msg="mail sent", **facts)
        else:
            log().warning(Event.MAIL_FAILED, msg=f"mail not sent: {code}", err_code=code, **facts)
        return code is None

    async def _failure(self, mail: Claimed) -> str | None:
        try:
            message = self._message(mail)
        except ValueError:
            return "bad_address"
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                await self._smtp.send(message, SEND_LIMIT_S)
        except CallFailed as failure:
            return failure.code
        except (TimeoutError, OSError) as error:
            return code_of(error)
        return None

    def _message(self, mail: Claimed) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(addr_spec=self._smtp.sender)
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        # The same at every attempt, so that one that arrives twice can be recognised.
        message["Message-ID"] = f"<{mail.id}@{self._smtp.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        return message


def wait_s(attempts: int) -> int:
    """Seconds until the next attempt: half a minute, doubled each time, an hour at most."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S << (attempts - 1))
