"""The figures of one hotel in one period: counted from the rows, kept in ai_analytics_summaries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.periods import Period, PeriodKind
from hotelctl.app.store.tables import AnalyticsSummary

# Of hours and days: counted anew from the rows themselves; of conversations and what is said, guests' ones.
_FROM_ROWS = """
  SELECT
    (SELECT count(*) FROM user_session_logs WHERE hotel_id = :hotel AND event = 'qr_scan'
        AND outcome = 'success' AND user_id IS NULL
        AND created_at >= :start AND created_at < :end) AS scans_guest,
    (SELECT count(*) FROM user_session_logs WHERE hotel_id = :hotel AND event = 'qr_scan'
        AND outcome = 'success' AND user_id IS NOT NULL
        AND created_at >= :start AND created_at < :end) AS scans_staff,
    (SELECT count(*) FROM conversations
      WHERE hotel_id = :hotel AND deleted_at IS NULL AND channel = 'guest_web'
        AND created_at >= :start AND created_at < :end) AS conversations,
    (SELECT count(*) FROM messages WHERE hotel_id = :hotel AND EXISTS (
          SELECT 1 FROM conversations c
           WHERE c.id = conversation_id AND c.deleted_at IS NULL AND c.channel = 'guest_web')
        AND created_at >= :start AND created_at < :end) AS messages,
    (SELECT count(*) FROM conversations
      WHERE hotel_id = :hotel AND deleted_at IS NULL AND channel = 'guest_web'
        AND handed_off_at >= :start AND handed_off_at < :end) AS handoffs,
    (SELECT count(*) FROM tickets WHERE hotel_id = :hotel AND deleted_at IS NULL
        AND created_at >= :start AND created_at < :end) AS tickets,
    (SELECT count(*) FROM work_orders WHERE hotel_id = :hotel AND deleted_at IS NULL
        AND created_at >= :start AND created_at < :end) AS work_orders
"""
# Of weeks and months: the sum of their days, because rows of their beginning may be gone already.
# A day is where its noon is: days that were counted by a former clock of the hotel begin at other hours.
_FROM_DAYS = """
  SELECT sum(scans_guest) AS scans_guest, sum(scans_staff) AS scans_staff,
         sum(conversations) AS conversations, sum(messages) AS messages, sum(handoffs) AS handoffs,
         sum(tickets) AS tickets, sum(work_orders) AS work_orders
    FROM ai_analytics_summaries
   WHERE hotel_id = :hotel AND period = 'day'
     AND period_start + interval '12 hours' >= :start AND period_start + interval '12 hours' < :end
"""
_CALLS = """
  SELECT count(*) AS ai_calls,
         count(*) FILTER (WHERE status IN ('failed', 'timeout')) AS ai_failed,
         coalesce(sum(tokens_in + tokens_out), 0) AS tokens,
         coalesce(sum(cost_microusd), 0) AS cost_microusd,
         count(*) FILTER (WHERE cost_microusd IS NULL) AS ai_unpriced,
         round(percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms)) AS p50_ms,
         round(percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms)) AS p95_ms
    FROM ai_interaction_logs WHERE hotel_id = :hotel AND created_at >= :start AND created_at < :end
"""
_MODELS = """
  SELECT coalesce(jsonb_object_agg(model_key, jsonb_build_object(
           'calls', calls, 'failed', failed, 'tokens', tokens, 'p95_ms', p95_ms)), '{}') AS by_model
    FROM (SELECT model_key, count(*) AS calls,
                 count(*) FILTER (WHERE status IN ('failed', 'timeout')) AS failed,
                 sum(tokens_in + tokens_out) AS tokens,
                 round(percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms)) AS p95_ms
            FROM ai_interaction_logs WHERE hotel_id = :hotel AND created_at >= :start AND created_at < :end
           GROUP BY model_key) m
"""
_COUNTED = ("scans_guest", "scans_staff", "conversations", "messages", "handoffs", "tickets", "work_orders")
_CALLED = ("ai_calls", "ai_failed", "tokens", "cost_microusd", "ai_unpriced", "p50_ms", "p95_ms")
_NAMES = (*_COUNTED, *_CALLED, "by_model")
_UPSERT = """
WITH counted AS ({counted}), calls AS ({calls}), models AS ({models})
INSERT INTO ai_analytics_summaries (id, hotel_id, period, period_start, {names})
SELECT :id, :hotel, :period, :start, {values} FROM counted, calls, models
 WHERE {something}
ON CONFLICT (hotel_id, period, period_start) DO UPDATE SET {updates}
"""


def _upsert(counted: str) -> str:
    values = [f"coalesce(counted.{name}, 0)" for name in _COUNTED]
    values += [f"calls.{name}" for name in _CALLED]
    return _UPSERT.format(
        counted=counted,
        calls=_CALLS,
        models=_MODELS,
        names=", ".join(_NAMES),
        values=", ".join([*values, "models.by_model"]),
        # A period in which nothing happened has no row: nobody takes a row of zeros for a measurement.
        something=" OR ".join([*(f"counted.{name} > 0" for name in _COUNTED), "calls.ai_calls > 0"]),
        updates=", ".join(f"{name} = excluded.{name}" for name in _NAMES),
    )


# The same rows as above: a period that only seems to have missed some would be counted over and over.
_HAPPENED = (
    ("user_session_logs", "created_at", "event = 'qr_scan' AND outcome = 'success'"),
    ("conversations", "created_at", "deleted_at IS NULL AND channel = 'guest_web'"),
    ("conversations", "handed_off_at", "deleted_at IS NULL AND channel = 'guest_web'"),
    (
        "messages",
        "created_at",
        "conversation_id IN"
        " (SELECT id FROM conversations WHERE deleted_at IS NULL AND channel = 'guest_web')",
    ),
    ("tickets", "created_at", "deleted_at IS NULL"),
    ("work_orders", "created_at", "deleted_at IS NULL"),
    ("ai_interaction_logs", "created_at", "true"),
)
_EVENTFUL = text(
    " UNION ".join(
        f"SELECT date_bin('15 minutes', {at}, TIMESTAMPTZ '2000-01-01 00:00+00') FROM {table}"  # noqa: S608 - the names above
        f" WHERE hotel_id = :hotel AND {at} >= :start AND {at} < :end AND {counted}"
        for table, at, counted in _HAPPENED
    )
)
_BY_KIND = {
    PeriodKind.HOUR: text(_upsert(_FROM_ROWS)),
    PeriodKind.DAY: text(_upsert(_FROM_ROWS)),
    PeriodKind.WEEK: text(_upsert(_FROM_DAYS)),
    PeriodKind.MONTH: text(_upsert(_FROM_DAYS)),
}


async def refresh(session: AsyncSession, hotel_id: UUID, period: Period) -> None:
    """The hotel's row of this period says what the rows say now; without any event there is none."""
    values = {"id": uuid7(), "hotel": hotel_id, "period": period.kind.value}
    await session.execute(_BY_KIND[period.kind], {**values, "start": period.start, "end": period.end})


async def eventful(
    session: AsyncSession, hotel_id: UUID, start: datetime, end: datetime
) -> Sequence[datetime]:
    """Quarters of an hour in which something happened that is counted: every clock's days begin with one."""
    found = await session.execute(_EVENTFUL, {"hotel": hotel_id, "start": start, "end": end})
    return found.scalars().all()


async def counted_at(
    session: AsyncSession, hotel_id: UUID, kind: PeriodKind, start: datetime
) -> dict[datetime, datetime]:
    """By their start the hotel's periods of this sort from then on, and when each was last counted.

    The hotel is named, because this runs as the owner, too, whom no policy confines.
    """
    chosen = select(AnalyticsSummary.period_start, AnalyticsSummary.updated_at).where(
        AnalyticsSummary.hotel_id == hotel_id,
        AnalyticsSummary.period == kind,
        AnalyticsSummary.period_start >= start,
    )
    return {row[0]: row[1] for row in await session.execute(chosen)}


async def forget(session: AsyncSession, kind: PeriodKind, start: datetime) -> None:
    """The hotel has no rows of this sort from then on."""
    chosen = AnalyticsSummary.period == kind, AnalyticsSummary.period_start >= start
    await session.execute(delete(AnalyticsSummary).where(*chosen))


async def since(
    session: AsyncSession, kind: PeriodKind, start: datetime, *, limit: int
) -> Sequence[AnalyticsSummary]:
    """The hotel's rows of this sort from then on, oldest first."""
    statement = (
        select(AnalyticsSummary)
        .where(AnalyticsSummary.period == kind, AnalyticsSummary.period_start >= start)
        .order_by(AnalyticsSummary.period_start)
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()
