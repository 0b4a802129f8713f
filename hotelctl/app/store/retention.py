"""Statements that end what was kept long enough; each is about one hotel, told by name.

The hotel is named in each, because these run as the owner, too, whom no policy confines.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

# Counts of what a statement removed or cut, by the name that the audit trail has for it.
_CONVERSATIONS = """
DELETE FROM conversations
 WHERE hotel_id = :hotel AND channel = 'guest_web'
   AND coalesce(stay_ends_at, last_message_at, created_at) < :before
"""
_PAYLOADS = """
UPDATE ai_interaction_logs SET payload = NULL
 WHERE hotel_id = :hotel AND payload IS NOT NULL AND created_at < :before
"""
_CUT = """
   SET ip = network(set_masklen(ip, CASE family(ip) WHEN 4 THEN 24 ELSE 48 END)), ua = NULL
 WHERE hotel_id = :hotel AND (ua IS NOT NULL OR masklen(ip) > CASE family(ip) WHEN 4 THEN 24 ELSE 48 END)
"""
# Of a session that goes on each renewal is a row of its own, with the address of the log-in.
_ADDRESSES = (
    f"UPDATE user_session_logs {_CUT} AND created_at < :before",
    f"UPDATE sessions {_CUT} AND family_id IN"  # noqa: S608 - the words above
    " (SELECT family_id FROM sessions WHERE hotel_id = :hotel AND created_at < :before)",
)
_LOGS = "SELECT purge_logs('user_session_logs', :before)"
# Later tables refer to earlier ones, so they go first.
_SOFT_DELETED = ("room_notes", "work_orders", "tickets", "knowledge_entries", "conversations", "users")
_ENDED = {
    "qr_codes": "DELETE FROM guest_staff_qr_tokens WHERE hotel_id = :hotel AND expires_at < :before",
    "sessions": "DELETE FROM sessions WHERE hotel_id = :hotel AND absolute_expires_at < :before",
    "one_time_links": "DELETE FROM verification_tokens WHERE hotel_id = :hotel AND expires_at < :before",
    "workflow_runs": "DELETE FROM workflow_executions WHERE hotel_id = :hotel AND finished_at < :before",
    "mails": "DELETE FROM outbox WHERE hotel_id = :hotel AND status <> 'pending' AND updated_at < :before",
}
_LAST = """
SELECT max(created_at) FROM audit_events
 WHERE hotel_id = :hotel AND action = :action AND created_at > now() - interval '31 days'
"""


async def _count(session: AsyncSession, statement: str, hotel_id: UUID, before: datetime) -> int:
    result = await session.execute(text(statement), {"hotel": hotel_id, "before": before})
    return result.rowcount if isinstance(result, CursorResult) else 0


async def end_conversations(session: AsyncSession, hotel_id: UUID, before: datetime) -> int:
    """Guests' conversations whose stay ended before are gone, with all messages."""
    return await _count(session, _CONVERSATIONS, hotel_id, before)


async def empty_payloads(session: AsyncSession, hotel_id: UUID, before: datetime) -> int:
    """What was said to models before is gone; the figures of each call stay."""
    return await _count(session, _PAYLOADS, hotel_id, before)


async def shorten_addresses(session: AsyncSession, hotel_id: UUID, before: datetime) -> int:
    """Log-ins from before name networks instead of addresses, and no browsers, in logs and sessions."""
    return sum([await _count(session, statement, hotel_id, before) for statement in _ADDRESSES])


async def end_session_logs(session: AsyncSession, before: datetime) -> int:
    """Session logs of the transaction's hotel from before are gone."""
    return int((await session.execute(text(_LOGS), {"before": before})).scalar_one())


async def end_deleted(session: AsyncSession, hotel_id: UUID, before: datetime) -> int:
    """Rows that were marked as deleted before are gone for good."""
    removed = 0
    for table in _SOFT_DELETED:
        statement = f"DELETE FROM {table} WHERE hotel_id = :hotel AND deleted_at < :before"  # noqa: S608 - the names above
        removed += await _count(session, statement, hotel_id, before)
    return removed


async def end_ended(session: AsyncSession, hotel_id: UUID, before: datetime) -> dict[str, int]:
    """Tokens, sessions, runs and mails that were over before are gone; how many of each."""
    return {name: await _count(session, each, hotel_id, before) for name, each in _ENDED.items()}


async def last_noted(session: AsyncSession, hotel_id: UUID, action: str) -> datetime | None:
    """When the audit trail last says this, of the last 31 days."""
    last: datetime | None = await session.scalar(text(_LAST), {"hotel": hotel_id, "action": action})
    return last
