"""What dashboards show: each number is a count in the database, and None where there never was anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.tickets import OPEN_STATUSES
from hotelctl.app.store.tables import Conversation, Ticket, WorkOrder

Figures = Mapping[str, Any]

# Each statement has a column `ever`: false means that there is nothing to count yet, which is not zero.
_CONVERSATIONS = text(
    """
    SELECT EXISTS (SELECT 1 FROM conversations WHERE deleted_at IS NULL) AS ever,
           count(*) FILTER (WHERE created_at >= :start) AS today,
           count(*) FILTER (WHERE handed_off_at >= :start) AS handoffs,
           count(*) FILTER (WHERE status = 'human' AND assigned_to IS NULL) AS waiting,
           100.0 * count(*) FILTER (WHERE created_at >= :start AND last_seq > 0
                                      AND handed_off_at IS NULL AND assigned_to IS NULL)
             / nullif(count(*) FILTER (WHERE created_at >= :start AND last_seq > 0), 0) AS bot_solved_percent
      FROM conversations WHERE deleted_at IS NULL
    """
)
_FIRST_REPLY = text(
    """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM reply.at - asked.at))
      FROM (SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.seq, m.created_at AS at
              FROM messages m JOIN conversations c ON c.id = m.conversation_id
             WHERE m.role = 'guest' AND c.created_at >= :start AND c.deleted_at IS NULL
             ORDER BY m.conversation_id, m.seq) asked
      JOIN LATERAL (SELECT r.created_at AS at FROM messages r
                     WHERE r.conversation_id = asked.conversation_id AND r.seq > asked.seq
                       AND r.role IN ('assistant', 'staff') ORDER BY r.seq LIMIT 1) reply ON true
    """
)
_TICKETS = text(
    """
    SELECT EXISTS (SELECT 1 FROM tickets WHERE deleted_at IS NULL) AS ever,
           count(*) AS open,
           count(*) FILTER (WHERE due_at < now()) AS overdue,
           count(*) FILTER (WHERE assigned_to IS NULL) AS unassigned,
           count(*) FILTER (WHERE priority = 'LOW') AS low,
           count(*) FILTER (WHERE priority = 'MEDIUM') AS medium,
           count(*) FILTER (WHERE priority = 'HIGH') AS high,
           count(*) FILTER (WHERE priority = 'URGENT') AS urgent
      FROM tickets WHERE deleted_at IS NULL AND status IN ('OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE')
    """
)
_WORK_ORDERS = text(
    """
    SELECT EXISTS (SELECT 1 FROM work_orders WHERE deleted_at IS NULL AND kind = ANY (:kinds)) AS ever,
           count(*) FILTER (WHERE status IN ('open', 'in_progress')) AS open,
           count(*) FILTER (WHERE status IN ('open', 'in_progress') AND assigned_to IS NULL) AS unassigned,
           count(*) FILTER (WHERE status IN ('open', 'in_progress') AND assigned_to = :user) AS mine,
           count(*) FILTER (WHERE status IN ('open', 'in_progress') AND due_at < now()) AS overdue,
           count(*) FILTER (WHERE status = 'done' AND completed_at >= :start) AS done_today
      FROM work_orders WHERE deleted_at IS NULL AND kind = ANY (:kinds)
    """
)
_SCANS = text(
    """
    SELECT EXISTS (SELECT 1 FROM user_session_logs WHERE event = 'qr_scan' AND outcome = 'success') AS ever,
           count(*) FILTER (WHERE user_id IS NULL) AS guest,
           count(*) FILTER (WHERE user_id IS NOT NULL) AS staff
      FROM user_session_logs WHERE event = 'qr_scan' AND outcome = 'success' AND created_at >= :start
    """
)
_AI = text(
    """
    SELECT EXISTS (SELECT 1 FROM ai_interaction_logs) AS ever,
           count(*) AS calls,
           count(*) FILTER (WHERE status IN ('failed', 'timeout')) AS failed,
           coalesce(sum(tokens_in + tokens_out), 0) AS tokens,
           coalesce(sum(cost_microusd), 0) AS cost_microusd,
           round(percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms))::int AS p95_ms
      FROM ai_interaction_logs WHERE created_at >= :start
    """
)
_CODES = text(
    """
    SELECT purpose, count(*) AS active FROM guest_staff_qr_tokens
     WHERE revoked_at IS NULL AND expires_at > now() AND use_count < max_uses GROUP BY purpose ORDER BY 1
    """
)
_SYNCS = text("SELECT count(*) FROM pms_work_order_history WHERE sync_status IN ('failed', 'conflict')")
_KNOWS = text("SELECT EXISTS (SELECT 1 FROM knowledge_entries WHERE deleted_at IS NULL)")


async def _row(session: AsyncSession, statement: Any, values: Mapping[str, Any]) -> Figures | None:  # noqa: ANN401 - any of the statements above
    row: RowMapping = (await session.execute(statement, values)).mappings().one()
    return {name: value for name, value in row.items() if name != "ever"} if row["ever"] else None


async def conversations(session: AsyncSession, start: datetime) -> Figures | None:
    """Today's conversations: how many, handed off, waiting for a person, solved without one, first reply."""
    found = await _row(session, _CONVERSATIONS, {"start": start})
    if found is None:
        return None
    reply_s = (await session.execute(_FIRST_REPLY, {"start": start})).scalar_one()
    return {**found, "median_first_reply_s": reply_s}


async def tickets(session: AsyncSession) -> Figures | None:
    """Open tickets by priority, unassigned and overdue ones."""
    return await _row(session, _TICKETS, {})


async def work_orders(
    session: AsyncSession, start: datetime, kinds: frozenset[str], user_id: UUID | None
) -> Figures | None:
    """Work orders of these kinds: open, unassigned, the user's, overdue, and done today."""
    return await _row(session, _WORK_ORDERS, {"start": start, "kinds": sorted(kinds), "user": user_id})


async def scans(session: AsyncSession, start: datetime) -> Figures | None:
    """Today's scans of codes that let a guest or a member of staff in."""
    return await _row(session, _SCANS, {"start": start})


async def ai(session: AsyncSession, start: datetime) -> Figures | None:
    """Today's calls of models, failed ones, tokens, cost and the 95th percentile of their time."""
    return await _row(session, _AI, {"start": start})


async def active_codes(session: AsyncSession) -> dict[str, int]:
    """Codes that still let somebody in, by purpose; a purpose without any is not in it."""
    return {purpose: int(active) for purpose, active in (await session.execute(_CODES)).all()}


async def failed_syncs(session: AsyncSession) -> int:
    """Changes of work orders that another system did not take."""
    return int((await session.execute(_SYNCS)).scalar_one())


async def knows_anything(session: AsyncSession) -> bool:
    """Whether the hotel wrote down anything that the assistant could answer with."""
    return bool((await session.execute(_KNOWS)).scalar_one())


async def waiting_conversations(session: AsyncSession, *, limit: int) -> Sequence[Conversation]:
    """Conversations that wait for a person, the longest waiting first."""
    statement = (
        select(Conversation)
        .where(Conversation.status == "human", Conversation.assigned_to.is_(None))
        .order_by(Conversation.handed_off_at.nulls_last(), Conversation.id)
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()


async def queue(
    session: AsyncSession, kinds: frozenset[str], assigned_to: UUID | None, *, limit: int
) -> Sequence[WorkOrder]:
    """Open work orders of one person, or of nobody: what is due first, then the oldest."""
    mine = WorkOrder.assigned_to.is_(None) if assigned_to is None else WorkOrder.assigned_to == assigned_to
    statement = (
        select(WorkOrder)
        .where(WorkOrder.kind.in_(kinds), WorkOrder.status.in_(("open", "in_progress")), mine)
        .order_by(WorkOrder.due_at.nulls_last(), WorkOrder.id)
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()


async def my_tickets(session: AsyncSession, user_id: UUID, *, limit: int) -> Sequence[Ticket]:
    """Open tickets of one person: what is due first."""
    statement = (
        select(Ticket)
        .where(Ticket.assigned_to == user_id, Ticket.status.in_(OPEN_STATUSES))
        .order_by(Ticket.due_at.nulls_last(), Ticket.id)
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()
