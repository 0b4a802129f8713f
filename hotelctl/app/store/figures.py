"""Counts that the models are made of; each statement is about the transaction's hotel."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.rounds import OpenWork
from hotelctl.app.store.tables import Conversation, Ticket, User, WorkOrder, WorkOrderHistory

_OPEN_ORDER = ("open", "in_progress")
_OPEN_TICKET = ("OPEN", "IN_PROGRESS", "WAITING_RESPONSE")
_MONTH = text("interval '30 days'")
_MOST = 200
# Hours without any row are zeros, too, from the hotel's first row on.
_HOURLY = text(
    """
    WITH t AS (
      SELECT created_at FROM tickets WHERE :what = 'tickets' AND deleted_at IS NULL
      UNION ALL
      SELECT m.created_at FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE :what = 'messages' AND m.role = 'guest' AND c.channel = 'guest_web'),
    slots AS (
      SELECT s.at, extract(week FROM s.at) AS week
        FROM generate_series(
               date_trunc('hour', CAST(:first AS timestamptz)), CAST(:last AS timestamptz),
               interval '1 hour') AS s(at)
       WHERE extract(isodow FROM s.at AT TIME ZONE :zone) = :weekday)
    SELECT CAST(extract(hour FROM slots.at AT TIME ZONE :zone) AS int) AS hour,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY counted.n) AS median, count(*) AS n
      FROM slots CROSS JOIN LATERAL (
             SELECT count(*) AS n FROM t
              WHERE t.created_at >= slots.at AND t.created_at < slots.at + interval '1 hour'
           ) AS counted
     GROUP BY 1 ORDER BY 1
    """
)
_DAILY = text(
    """
    WITH days AS (
      SELECT d AS day, d AT TIME ZONE :zone AS began, (d + interval '1 day') AT TIME ZONE :zone AS ended
        FROM generate_series(CAST(:yesterday AS timestamp) - interval '28 days',
                             CAST(:yesterday AS timestamp), interval '1 day') AS d),
    happened AS (
      SELECT 'tickets' AS what, created_at FROM tickets WHERE deleted_at IS NULL
      UNION ALL SELECT 'work_orders', created_at FROM work_orders WHERE deleted_at IS NULL
      UNION ALL SELECT 'messages', m.created_at
                  FROM messages m JOIN conversations c ON c.id = m.conversation_id
                 WHERE m.role = 'guest' AND c.channel = 'guest_web'),
    counted AS (
      SELECT kinds.what, days.day, (
               SELECT count(*) FROM happened AS h
                WHERE h.what = kinds.what AND h.created_at >= days.began AND h.created_at < days.ended) AS n
        FROM days CROSS JOIN (VALUES ('tickets'), ('work_orders'), ('messages')) AS kinds(what))
    SELECT what, max(n) FILTER (WHERE day = :yesterday) AS yesterday,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FILTER (WHERE day < :yesterday) AS median
      FROM counted GROUP BY what
    """
)
_FIRST = text(
    """
    SELECT least((SELECT min(created_at) FROM tickets WHERE deleted_at IS NULL),
                 (SELECT min(created_at) FROM messages),
                 (SELECT min(created_at) FROM work_orders WHERE deleted_at IS NULL))
    """
)


async def open_work(session: AsyncSession, kinds: Sequence[str]) -> list[OpenWork]:
    """The work of these kinds that nobody has begun."""
    chosen = (
        select(WorkOrder.id, WorkOrder.title, WorkOrder.room_label, WorkOrder.priority, WorkOrder.created_at)
        .where(WorkOrder.kind.in_(kinds), WorkOrder.status == "open")
        .order_by(WorkOrder.created_at)
        .limit(_MOST)
    )
    return [OpenWork(*row) for row in await session.execute(chosen)]


async def load_of(session: AsyncSession, department: str) -> list[tuple[UUID, str, int]]:
    """The department's live members with their open tickets and work orders, the fewest first."""
    orders = select(func.count()).where(
        WorkOrder.assigned_to == User.id, WorkOrder.status.in_(_OPEN_ORDER), WorkOrder.deleted_at.is_(None)
    )
    tickets = select(func.count()).where(
        Ticket.assigned_to == User.id, Ticket.status.in_(_OPEN_TICKET), Ticket.deleted_at.is_(None)
    )
    load: ColumnElement[int] = orders.scalar_subquery() + tickets.scalar_subquery()
    chosen = (
        select(User.id, User.display_name, load)
        .where(User.department == department, User.suspended_at.is_(None), User.password_hash.is_not(None))
        .order_by(load, User.id)
        .limit(_MOST)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(chosen)]


async def recurring_faults(session: AsyncSession, least: int) -> list[dict[str, Any]]:
    """Rooms with at least so many maintenance orders of one category within 30 days."""
    count = func.count()
    chosen = (
        select(WorkOrder.room_label, WorkOrder.category, count, func.max(WorkOrder.created_at))
        .where(
            WorkOrder.kind == "maintenance",
            WorkOrder.status != "cancelled",
            WorkOrder.room_label.is_not(None),
            WorkOrder.category.is_not(None),
            WorkOrder.created_at > func.now() - _MONTH,
        )
        .group_by(WorkOrder.room_label, WorkOrder.category)
        .having(count >= least)
        .order_by(count.desc(), WorkOrder.room_label)
        .limit(_MOST)
    )
    return [
        {"room_label": row[0], "category": row[1], "orders": row[2], "latest_at": row[3].isoformat()}
        for row in await session.execute(chosen)
    ]


async def first_row_at(session: AsyncSession) -> datetime | None:
    """When the hotel's first ticket, message or work order was made."""
    found: datetime | None = await session.scalar(_FIRST)
    return found


async def first_order_at(session: AsyncSession) -> datetime | None:
    """When the hotel's first maintenance order was made."""
    earliest = select(func.min(WorkOrder.created_at)).where(WorkOrder.kind == "maintenance")
    return await session.scalar(earliest)


async def loose_ends(session: AsyncSession) -> dict[str, int | None]:
    """What is late, waits or failed at this moment; None where nothing was meant for another system."""
    late = select(func.count()).where(
        Ticket.due_at < func.now(), Ticket.status.in_(_OPEN_TICKET), Ticket.deleted_at.is_(None)
    )
    waiting = select(func.count()).where(
        or_(Conversation.status == "human", Conversation.unread_staff > 0),
        Conversation.status != "resolved",
        Conversation.channel == "guest_web",
        Conversation.deleted_at.is_(None),
    )
    status = WorkOrderHistory.sync_status
    meant = select(func.count().filter(status.in_(("failed", "conflict")))).where(status != "local_only")
    failed = meant.having(func.count() > 0)
    return {
        "tickets_past_due": await session.scalar(late) or 0,
        "conversations_waiting": await session.scalar(waiting) or 0,
        "transfers_failed": await session.scalar(failed),
    }


async def yesterday_and_median(
    session: AsyncSession, yesterday: date, zone: str
) -> dict[str, dict[str, Any]]:
    """Of tickets, work orders and guests' messages yesterday's count and the median of the 28 days before.

    Days go from midnight to midnight in the zone, also where one has 23 hours or 25.
    """
    rows = (await session.execute(_DAILY, {"yesterday": yesterday, "zone": zone})).all()
    return {row.what: {"yesterday": row.yesterday, "median_28_days": float(row.median)} for row in rows}


async def usual_hours(
    session: AsyncSession, what: str, weekday: int, zone: str, span: tuple[datetime, datetime]
) -> Sequence[RowMapping]:
    """For each hour of a weekday the median count in the span, and of how many weeks it is one."""
    values = {"what": what, "weekday": weekday, "zone": zone, "first": span[0], "last": span[1]}
    return (await session.execute(_HOURLY, values)).mappings().all()
