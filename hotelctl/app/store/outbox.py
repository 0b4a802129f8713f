"""Mail that waits: claimed for a while by one instance, sent outside of any transaction, then settled."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Longer than one sending may take: an instance that died in between leaves the mail to another one.
LEASE_S = 120
_DUE_HOTELS = text("SELECT hotel_id FROM outbox_due()")
_PENDING = text("SELECT outbox_pending()")
_CLAIM = text(
    """
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => :lease)
     WHERE id = (SELECT id FROM outbox WHERE status = 'pending' AND next_attempt_at <= now()
                  ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, recipient, subject, body, attempts
    """
)
# Nobody has it yet, and by now a person or the assistant answers this guest, or it is over.
_ANSWERED = text(
    """
    UPDATE outbox SET status = 'suppressed', subject = NULL, body = NULL
     WHERE kind = 'handoff' AND status = 'pending' AND attempts = 0 AND next_attempt_at <= now()
       AND NOT EXISTS (SELECT 1 FROM conversations c
                        WHERE c.id = outbox.conversation_id AND c.deleted_at IS NULL
                          AND c.status = 'human' AND c.assigned_to IS NULL)
    """
)
# The attempt's number names the claim: who took longer than the lease has nothing to say any more.
_SENT = text(
    """
    UPDATE outbox SET status = 'sent', subject = NULL, body = NULL, last_error = NULL, sent_at = now()
     WHERE id = :id AND status = 'pending' AND attempts = :attempts
    """
)
_LATER = text(
    """
    UPDATE outbox SET last_error = :code, next_attempt_at = now() + make_interval(secs => :wait)
     WHERE id = :id AND status = 'pending' AND attempts = :attempts
    """
)
_GIVEN_UP = text(
    """
    UPDATE outbox SET status = 'failed', subject = NULL, body = NULL, last_error = :code
     WHERE id = :id AND status = 'pending' AND attempts = :attempts
    """
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this instance may send now."""

    id: UUID
    kind: str
    recipient: str
    subject: str
    body: str
    attempts: int


async def due_hotels(session: AsyncSession) -> tuple[UUID, ...]:
    """The live hotels that have mail to be sent now."""
    return tuple(await session.scalars(_DUE_HOTELS))


async def pending(session: AsyncSession) -> int:
    """How many mails of all hotels wait."""
    return int(await session.scalar(_PENDING) or 0)


async def drop_answered(session: AsyncSession) -> None:
    """The hotel's mails that call a person for a guest who needs none any more are not sent."""
    await session.execute(_ANSWERED)


async def claim(session: AsyncSession) -> Claimed | None:
    """The hotel's mail that is due longest and that nobody holds; nobody else gets it for a while."""
    row = (await session.execute(_CLAIM, {"lease": LEASE_S})).one_or_none()
    return Claimed(*row) if row else None


async def settle_sent(session: AsyncSession, mail: Claimed) -> None:
    """It is sent, and its text is gone."""
    await session.execute(_SENT, {"id": mail.id, "attempts": mail.attempts})


async def settle_later(session: AsyncSession, mail: Claimed, code: str, wait_s: int) -> None:
    """It waits for another attempt."""
    values = {"id": mail.id, "attempts": mail.attempts, "code": code, "wait": wait_s}
    await session.execute(_LATER, values)


async def settle_failed(session: AsyncSession, mail: Claimed, code: str) -> None:
    """It will not be sent, and its text is gone."""
    await session.execute(_GIVEN_UP, {"id": mail.id, "attempts": mail.attempts, "code": code})
