"""What is noted about what happened: rows that nobody rewrites, and figures made from them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INET, REAL
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import (
    EMPTY_LIST,
    EMPTY_OBJECT,
    NOW,
    ZERO,
    JsonList,
    JsonObject,
    Ref,
    TenantRow,
    Touched,
)


def _times(table: str) -> Index:
    """Where in the table which times are: small at any size, as rows of a log come in the order of time."""
    return Index(f"{table}_times", "created_at", postgresql_using="brin")


class UserSessionLog(TenantRow):
    """A log-in, a scan, an end of a session; network address and browser are cut short later."""

    __tablename__ = "user_session_logs"
    more = (
        Index("user_session_logs_newest", "hotel_id", "created_at"),
        _times("user_session_logs"),
        Index("user_session_logs_user", "user_id", "created_at"),
    )

    session_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    role: Mapped[str | None]
    event: Mapped[str]
    method: Mapped[str | None]
    qr_token_id: Mapped[UUID | None]
    ip: Mapped[str | None] = mapped_column(INET)
    ua: Mapped[str | None]
    outcome: Mapped[str | None]
    request_id: Mapped[str | None]


class AuditEvent(TenantRow):
    """Who did what to which object, before and after."""

    __tablename__ = "audit_events"
    more = (
        Index("audit_events_newest", "hotel_id", "created_at"),
        _times("audit_events"),
        Index("audit_events_object", "hotel_id", "object_id"),
    )

    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None]
    before: Mapped[JsonObject | None]
    after: Mapped[JsonObject | None]
    request_id: Mapped[str | None]


class AiInteractionLog(TenantRow):
    """One call of a model; its payload goes after a while, its figures stay."""

    __tablename__ = "ai_interaction_logs"
    more = (
        Index("ai_interaction_logs_newest", "hotel_id", "created_at"),
        _times("ai_interaction_logs"),
        Index("ai_interaction_logs_model", "hotel_id", "model_key", "created_at"),
    )

    conversation_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    model_key: Mapped[str]
    provider: Mapped[str]
    provider_model: Mapped[str | None]
    status: Mapped[str]
    tokens_in: Mapped[int] = mapped_column(server_default=ZERO)
    tokens_out: Mapped[int] = mapped_column(server_default=ZERO)
    cost_microusd: Mapped[int | None] = mapped_column(BigInteger, server_default=ZERO)
    """None is a call whose price is not known."""
    latency_ms: Mapped[int]
    ttft_ms: Mapped[int | None]
    confidence: Mapped[float | None] = mapped_column(REAL)
    guard_flags: Mapped[list[str]] = mapped_column(server_default=EMPTY_OBJECT)
    retrieved: Mapped[JsonList] = mapped_column(server_default=EMPTY_LIST)
    actions: Mapped[JsonList] = mapped_column(server_default=EMPTY_LIST)
    error_code: Mapped[str | None]
    request_id: Mapped[str | None]
    payload: Mapped[JsonObject | None]


class WorkflowExecution(Touched, TenantRow):
    """One run of a workflow, step by step; still `running` long after its start means that it crashed."""

    __tablename__ = "workflow_executions"
    refs = (Ref("user_id", "users"),)
    more = (
        Index("workflow_executions_newest", "hotel_id", "workflow", "started_at"),
        Index("workflow_executions_running", "started_at", postgresql_where=text("status = 'running'")),
    )

    workflow: Mapped[str]
    trigger_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default=text("'running'"))
    steps: Mapped[JsonList] = mapped_column(server_default=EMPTY_LIST)
    errors: Mapped[JsonObject | None]
    started_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]
    duration_ms: Mapped[int | None] = mapped_column(
        BigInteger,
        Computed("(EXTRACT(epoch FROM finished_at - started_at) * 1000)::bigint", persisted=True),
    )
    request_id: Mapped[str | None]


class AnalyticsSummary(Touched, TenantRow):
    """The figures of one hotel in one period."""

    __tablename__ = "ai_analytics_summaries"
    more = (UniqueConstraint("hotel_id", "period", "period_start", name="ai_analytics_summaries_period_key"),)

    period: Mapped[str]
    period_start: Mapped[datetime]
    scans_guest: Mapped[int] = mapped_column(server_default=ZERO)
    scans_staff: Mapped[int] = mapped_column(server_default=ZERO)
    conversations: Mapped[int] = mapped_column(server_default=ZERO)
    messages: Mapped[int] = mapped_column(server_default=ZERO)
    ai_calls: Mapped[int] = mapped_column(server_default=ZERO)
    ai_failed: Mapped[int] = mapped_column(server_default=ZERO)
    handoffs: Mapped[int] = mapped_column(server_default=ZERO)
    tokens: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    cost_microusd: Mapped[int] = mapped_column(BigInteger, server_default=ZERO)
    """Of the calls whose cost is known."""
    ai_unpriced: Mapped[int] = mapped_column(server_default=ZERO)
    """Calls whose cost is not."""
    p50_ms: Mapped[int | None]
    p95_ms: Mapped[int | None]
    tickets: Mapped[int] = mapped_column(server_default=ZERO)
    work_orders: Mapped[int] = mapped_column(server_default=ZERO)
    by_model: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
