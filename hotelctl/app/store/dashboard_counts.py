"""What dashboards show: each number is a count in the database, and None where there never was anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, text
from sqlalchemy.dialects.postgresql import ARRAY

from hotelctl.app.domain.assistant.wishes import EMERGENCY
from hotelctl.app.domain.tickets import OPEN_STATUSES, TicketStatus
from hotelctl.app.store.direct import Asked, Asks, Fixed, Rows, columns_of, given
from hotelctl.app.store.tables import Conversation, Ticket, WorkOrder

Figures = Mapping[str, Any]


def _fixed(words: str) -> Fixed:
    return Fixed.of(text(words))


# Each statement has a column `ever`: false means that there is nothing to count yet, which is not zero.
_CONVERSATIONS = _fixed(
    """
    SELECT EXISTS (SELECT 1 FROM conversations WHERE deleted_at IS NULL AND channel = 'guest_web') AS ever,
           count(*) FILTER (WHERE created_at >= :start) AS today,
           count(*) FILTER (WHERE handed_off_at >= :start) AS handoffs,
           count(*) FILTER (WHERE status = 'human' AND assigned_to IS NULL) AS waiting,
           100.0 * count(*) FILTER (WHERE created_at >= :start AND last_seq > 0
                                      AND handed_off_at IS NULL AND assigned_to IS NULL
                                      AND NOT EXISTS (
                                        SELECT 1 FROM tickets t WHERE t.conversation_id = conversations.id
                                           AND t.source = 'AI_AGENT' AND t.category = 'question')
                                      AND NOT EXISTS (
                                        SELECT 1 FROM ai_interaction_logs a
                                         WHERE a.conversation_id = conversations.id
                                           AND a.created_at >= :start AND a.status <> 'success'))
             / nullif(count(*) FILTER (WHERE created_at >= :start AND last_seq > 0), 0) AS bot_solved_percent,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM reply.at - asked.at))
              FROM (SELECT DISTINCT ON (m.conversation_id) m.conversation_id, m.seq, m.created_at AS at
                      FROM messages m JOIN conversations c ON c.id = m.conversation_id
                     WHERE m.role = 'guest' AND c.channel = 'guest_web'
                       AND c.created_at >= :start AND c.deleted_at IS NULL
                     ORDER BY m.conversation_id, m.seq) asked
              JOIN LATERAL (SELECT r.created_at AS at FROM messages r
                             WHERE r.conversation_id = asked.conversation_id AND r.seq > asked.seq
                               AND r.role IN ('assistant', 'staff') ORDER BY r.seq LIMIT 1) reply ON true
           ) AS median_first_reply_s
      FROM conversations WHERE deleted_at IS NULL AND channel = 'guest_web'
    """
)
_TICKETS = _fixed(
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
_WORK_ORDERS = _fixed(
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
_SCANS = _fixed(
    """
    SELECT EXISTS (SELECT 1 FROM user_session_logs WHERE event = 'qr_scan' AND outcome = 'success') AS ever,
           count(*) FILTER (WHERE user_id IS NULL) AS guest,
           count(*) FILTER (WHERE user_id IS NOT NULL) AS staff
      FROM user_session_logs WHERE event = 'qr_scan' AND outcome = 'success' AND created_at >= :start
    """
)
_AI = _fixed(
    """
    SELECT EXISTS (SELECT 1 FROM ai_interaction_logs) AS ever,
           count(*) AS calls,
           count(*) FILTER (WHERE status IN ('failed', 'timeout')) AS failed,
           coalesce(sum(tokens_in + tokens_out), 0) AS tokens,
           CASE WHEN count(*) = count(cost_microusd)
                THEN coalesce(sum(cost_microusd), 0) END AS cost_microusd,
           coalesce(sum(cost_microusd), 0) AS known_cost_microusd,
           round(percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms))::int AS p95_ms
      FROM ai_interaction_logs WHERE created_at >= :start
    """
)
_CODES = _fixed(
    """
    SELECT purpose, count(*) AS active FROM guest_staff_qr_tokens
     WHERE revoked_at IS NULL AND expires_at > now() AND use_count < max_uses GROUP BY purpose ORDER BY 1
    """
)
# Where nothing was ever meant for another system there is nothing to count, which is not zero.
_SYNCS = _fixed(
    "SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE sync_status IN ('failed', 'conflict')) END"
    " FROM pms_work_order_history WHERE sync_status <> 'local_only'"
)
_KNOWS = _fixed("SELECT EXISTS (SELECT 1 FROM knowledge_entries WHERE deleted_at IS NULL)")

_LIMIT = given("limit")
_WAITING = Fixed.of(
    columns_of(Conversation)
    .where(
        Conversation.channel == "guest_web",
        Conversation.status == "human",
        Conversation.assigned_to.is_(None),
    )
    .order_by(Conversation.handed_off_at.nulls_last(), Conversation.id)
    .limit(_LIMIT)
)
_QUEUE = (
    columns_of(WorkOrder)
    .where(
        WorkOrder.kind == any_(given("kinds", ARRAY(Text()))), WorkOrder.status.in_(("open", "in_progress"))
    )
    .order_by(WorkOrder.due_at.nulls_last(), WorkOrder.id)
    .limit(_LIMIT)
)
_NOBODYS = Fixed.of(_QUEUE.where(WorkOrder.assigned_to.is_(None)))
_SOMEBODYS = Fixed.of(_QUEUE.where(WorkOrder.assigned_to == given("user")))
_MY_TICKETS = Fixed.of(
    columns_of(Ticket)
    .where(Ticket.assigned_to == given("user"), Ticket.status.in_(OPEN_STATUSES))
    .order_by(Ticket.due_at.nulls_last(), Ticket.id)
    .limit(_LIMIT)
)

# Of those with which nobody has begun.
_EMERGENCIES = Fixed.of(
    columns_of(Ticket)
    .where(Ticket.category == EMERGENCY.category, Ticket.status == TicketStatus.OPEN)
    .order_by(Ticket.id.desc())
    .limit(_LIMIT)
)


@dataclass(frozen=True, slots=True)
class Count:
    """What is asked of the database, and how its rows are read."""

    asked: Asked
    read: Callable[[Rows], Any]


async def count(asks: Asks, **counts: Count) -> dict[str, Any]:
    """What was found by name, all of one moment and in one way there and back."""
    found = await asks.ask(*(one.asked for one in counts.values()))
    return {name: one.read(rows) for (name, one), rows in zip(counts.items(), found, strict=True)}


def _figures(rows: Rows) -> Figures | None:
    found: dict[str, Any] = rows[0]._asdict()
    return found if found.pop("ever") else None


def _single(rows: Rows) -> Any:  # noqa: ANN401 - whatever the statement's one column holds
    return rows[0][0]


def conversations(start: datetime) -> Count:
    """Guests' conversations of today: how many, handed off, waiting, solved without a person, first reply."""
    return Count((_CONVERSATIONS, {"start": start}), _figures)


def tickets() -> Count:
    """Open tickets by priority, unassigned and overdue ones."""
    return Count((_TICKETS, {}), _figures)


def work_orders(start: datetime, kinds: frozenset[str], user_id: UUID | None) -> Count:
    """Work orders of these kinds: open, unassigned, the user's, overdue, and done today."""
    return Count((_WORK_ORDERS, {"start": start, "kinds": sorted(kinds), "user": user_id}), _figures)


def scans(start: datetime) -> Count:
    """Today's scans of codes that let a guest or a member of staff in."""
    return Count((_SCANS, {"start": start}), _figures)


def ai(start: datetime) -> Count:
    """Today's calls of models, failed ones, tokens, cost and the 95th percentile of their time."""
    return Count((_AI, {"start": start}), _figures)


def active_codes() -> Count:
    """Codes that still let somebody in, by purpose; a purpose without any is not in it."""
    return Count((_CODES, {}), lambda rows: {purpose: int(active) for purpose, active in rows})


def failed_syncs() -> Count:
    """Changes of work orders that another system did not take; None where none was meant for one."""
    return Count((_SYNCS, {}), _single)


def knows_anything() -> Count:
    """Whether the hotel wrote down anything that the assistant could answer with."""
    return Count((_KNOWS, {}), _single)


def waiting_conversations(*, limit: int) -> Count:
    """Guests' conversations that wait for a person, the longest waiting first."""
    return Count((_WAITING, {"limit": limit}), list)


def queue(kinds: frozenset[str], assigned_to: UUID | None, *, limit: int) -> Count:
    """Open work orders of one person, or of nobody: what is due first, then the oldest."""
    values = {"kinds": sorted(kinds), "user": assigned_to, "limit": limit}
    return Count((_NOBODYS if assigned_to is None else _SOMEBODYS, values), list)


def emergencies(*, limit: int) -> Count:
    """Tickets of emergencies with which nobody has begun, the newest first."""
    return Count((_EMERGENCIES, {"limit": limit}), list)


def my_tickets(user_id: UUID | None, *, limit: int) -> Count:
    """Open tickets of one person: what is due first."""
    return Count((_MY_TICKETS, {"user": user_id, "limit": limit}), list)
