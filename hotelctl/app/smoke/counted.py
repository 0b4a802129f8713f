"""What the dashboards must show of a hotel: counted by the owner, with other statements.

A part of the page is there from its first row on; before that it has no figures, not even zeros.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import Identity
from hotelctl.app.smoke.talk import Answer, Broken

Figures = Mapping[str, str]
_FIGURE = re.compile(r'data-figure="([^"]+)"[^>]*>(.*?)</(?:dd|p|span)>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# Synthetic hotels live by UTC.
_TODAY = "date_trunc('day', now(), 'UTC')"
_CONVERSATIONS = f"""
    WITH c AS (SELECT *, created_at >= {_TODAY} AS is_new FROM conversations
                WHERE hotel_id = :hotel AND deleted_at IS NULL AND channel = 'guest_web'),
         said AS (SELECT c.id, min(m.seq) FILTER (WHERE m.role = 'guest') AS asked
                    FROM c JOIN messages m ON m.conversation_id = c.id WHERE c.is_new GROUP BY c.id),
         left_open AS (SELECT conversation_id AS id, category AS what FROM tickets
                        WHERE hotel_id = :hotel AND source = 'AI_AGENT' AND category = 'question'
                       UNION ALL SELECT conversation_id, status FROM ai_interaction_logs
                        WHERE hotel_id = :hotel AND status <> 'success'),
         sent_on AS (SELECT id, min(what) AS what FROM left_open GROUP BY id),
         waited AS (SELECT min(r.created_at) - min(a.created_at) AS span FROM said
                      JOIN messages a ON a.conversation_id = said.id AND a.seq = said.asked
                      JOIN messages r ON r.conversation_id = said.id AND r.seq > said.asked
                                     AND r.role IN ('assistant', 'staff') GROUP BY said.id)
    SELECT count(*) AS ever, count(*) FILTER (WHERE is_new) AS today,
           count(*) FILTER (WHERE handed_off_at >= {_TODAY}) AS handoffs,
           count(*) FILTER (WHERE status = 'human' AND assigned_to IS NULL) AS waiting,
           (SELECT 100.0 * avg((coalesce(c.handed_off_at::text, c.assigned_to::text, what) IS NULL)::int)
              FROM said JOIN c USING (id) LEFT JOIN sent_on USING (id)) AS bot_solved_percent,
           (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY span)) FROM waited)
             AS median_first_reply_s FROM c
"""  # noqa: S608 - a constant of this module
_TICKETS = """
    WITH t AS (SELECT *, status NOT IN ('RESOLVED', 'CLOSED', 'CANCELLED') AS is_open FROM tickets
                WHERE hotel_id = :hotel AND deleted_at IS NULL)
    SELECT count(*) AS ever, count(*) FILTER (WHERE is_open) AS open,
           count(*) FILTER (WHERE is_open AND due_at < now()) AS overdue,
           count(*) FILTER (WHERE is_open AND assigned_to IS NULL) AS unassigned,
           count(*) FILTER (WHERE is_open AND priority = 'LOW') AS low,
           count(*) FILTER (WHERE is_open AND priority = 'MEDIUM') AS medium,
           count(*) FILTER (WHERE is_open AND priority = 'HIGH') AS high,
           count(*) FILTER (WHERE is_open AND priority = 'URGENT') AS urgent FROM t
"""
_ORDERS = f"""
    WITH o AS (SELECT *, status NOT IN ('needs_confirmation', 'done', 'cancelled') AS is_open
                 FROM work_orders WHERE hotel_id = :hotel AND deleted_at IS NULL)
    SELECT count(*) AS ever, count(*) FILTER (WHERE is_open) AS open,
           count(*) FILTER (WHERE is_open AND due_at < now()) AS overdue,
           count(*) FILTER (WHERE is_open AND assigned_to IS NULL) AS unassigned,
           count(*) FILTER (WHERE status = 'done' AND completed_at >= {_TODAY}) AS done_today FROM o
"""  # noqa: S608 - same
# What a member of staff in housekeeping sees is counted of that department's kinds alone.
_OWN_ORDERS = text(f"""
    WITH o AS (SELECT *, status NOT IN ('needs_confirmation', 'done', 'cancelled') AS is_open
                 FROM work_orders WHERE hotel_id = :hotel AND deleted_at IS NULL
                  AND kind IN ('housekeeping', 'amenity'))
    SELECT count(*) FILTER (WHERE is_open) AS open,
           count(*) FILTER (WHERE is_open AND assigned_to IS NULL) AS unassigned,
           count(*) FILTER (WHERE is_open AND assigned_to = :who) AS mine,
           count(*) FILTER (WHERE is_open AND due_at < now()) AS overdue,
           count(*) FILTER (WHERE status = 'done' AND completed_at >= {_TODAY}) AS done_today FROM o
""")  # noqa: S608 - same
_SCANS = f"""
    WITH s AS (SELECT user_id, created_at >= {_TODAY} AS is_new FROM user_session_logs
                WHERE hotel_id = :hotel AND event = 'qr_scan' AND outcome = 'success')
    SELECT count(*) AS ever, count(*) FILTER (WHERE is_new) AS total,
           count(*) FILTER (WHERE is_new AND user_id IS NULL) AS guest,
           count(*) FILTER (WHERE is_new AND user_id IS NOT NULL) AS staff FROM s
"""  # noqa: S608 - same
_AI = f"""
    WITH a AS (SELECT *, created_at >= {_TODAY} AS is_new FROM ai_interaction_logs WHERE hotel_id = :hotel)
    SELECT count(*) AS ever, count(*) FILTER (WHERE is_new) AS calls,
           count(*) FILTER (WHERE is_new AND status IN ('failed', 'timeout')) AS failed,
           nullif(sum(is_new::int * (tokens_in + tokens_out)), 0) AS tokens,
           nullif(sum(is_new::int * cost_microusd), 0) AS cost,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE is_new) AS p95_ms FROM a
"""  # noqa: S608 - same
_PARTS = {
    "conversations": _CONVERSATIONS,
    "tickets": _TICKETS,
    "work_orders": _ORDERS,
    "scans": _SCANS,
    "ai": _AI,
}
_CODES = text(
    "SELECT purpose, count(*) FROM guest_staff_qr_tokens WHERE hotel_id = :hotel AND expires_at > now()"
    " AND revoked_at IS NULL AND use_count < max_uses GROUP BY purpose"
)
_NOT_TAKEN = text(
    "SELECT count(*) FROM pms_work_order_history"
    " WHERE hotel_id = :hotel AND sync_status IN ('failed', 'conflict')"
)
# How the page writes what is no plain number.
_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "conversations.bot_solved_percent": lambda share: f"{round(share)} %",
    "conversations.median_first_reply_s": lambda length_s: (
        f"{round(length_s * 1000)} ms" if length_s < 1 else f"{length_s:.1f} s"
    ),
    "ai.p95_ms": lambda length_ms: f"{round(length_ms)} ms",
    "ai.cost": lambda microusd: f"{microusd / 1_000_000:.4f} USD",
}


def counted(owner: Engine, hotel_id: UUID) -> Figures:
    """Every figure that the page has now, by the name that it carries there, as it is written there."""
    system = {"version": Identity().version, "schema": SCHEMA_SERIAL, "provider": "local"}
    with owner.connect() as connection:
        found = [
            *_figures(connection, hotel_id),
            *((f"system.{name}", told) for name, told in system.items()),
        ]
    return {name: _WRITTEN.get(name, str)(value) for name, value in found}


def counted_for(owner: Engine, hotel_id: UUID, user_id: UUID) -> Figures:
    """What a member of staff in housekeeping sees: the department's work and all tickets, as programs do."""
    with owner.connect() as connection:
        row = connection.execute(_OWN_ORDERS, {"hotel": hotel_id, "who": user_id}).mappings().one()
        found = [
            *((f"work_orders.{name}", value) for name, value in row.items()),
            *_part(connection, hotel_id, "tickets"),
        ]
    return {name: str(value) for name, value in found}


def figures_of(shown: Answer) -> Figures:
    """What the page says, by the names that its figures carry."""
    return {name: _TAG.sub("", value).strip() for name, value in _FIGURE.findall(shown.text)}


def compare(answer: Answer, told: Figures, *counts: Figures) -> None:
    """Raises Broken where no count has every figure as it is told."""
    if told in counts:
        return
    for name in sorted(told.keys() | counts[-1].keys()):
        was, must = told.get(name, "not there"), counts[-1].get(name, "none")
        if was != must:
            raise Broken(f"{answer.request}: {name} is {was}, the database counts {must}")
    raise Broken(f"{answer.request}: the figures are of no one moment")


def _figures(connection: Connection, hotel_id: UUID) -> Iterator[tuple[str, Any]]:
    asked = {"hotel": hotel_id}
    for part in _PARTS:
        yield from _part(connection, hotel_id, part)
    for purpose, active in connection.execute(_CODES, asked):
        yield f"active_codes.{purpose}", active
    if not_taken := connection.scalar(_NOT_TAKEN, asked):
        yield "failed_syncs", not_taken


def _part(connection: Connection, hotel_id: UUID, part: str) -> Iterator[tuple[str, Any]]:
    row = connection.execute(text(_PARTS[part]), {"hotel": hotel_id}).mappings().one()
    if row["ever"]:
        yield from ((f"{part}.{n}", v) for n, v in row.items() if n != "ever" and v is not None)
