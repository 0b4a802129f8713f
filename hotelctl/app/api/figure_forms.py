"""What answers about figures look like."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from hotelctl.app.api.ticket_forms import TicketOut
from hotelctl.app.api.work_order_forms import WorkOrderOut
from hotelctl.app.domain.periods import PeriodKind
from hotelctl.app.services.assistant.present_provider import PresentProvider
from hotelctl.app.store.tables import AnalyticsSummary


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ConversationFigures(_Read):
    """Today's conversations; no share and no median without one."""

    today: int
    handoffs: int
    waiting: int
    bot_solved_percent: float | None
    median_first_reply_s: float | None


class TicketFigures(_Read):
    """Tickets that are open now."""

    open: int
    overdue: int
    unassigned: int
    low: int
    medium: int
    high: int
    urgent: int


class WorkOrderFigures(_Read):
    """Work orders that are open now, and what was done today."""

    open: int
    unassigned: int
    mine: int
    overdue: int
    done_today: int


class ScanFigures(_Read):
    """Today's scans."""

    guest: int
    staff: int


class AiFigures(_Read):
    """Today's calls of models; no percentile without a call.

    `cost_microusd` is null where the price of a call is not known; `known_cost_microusd` is a part of it.
    """

    calls: int
    failed: int
    tokens: int
    cost_microusd: int | None
    known_cost_microusd: int
    p95_ms: int | None


class WaitingOut(_Read):
    """A conversation that waits for a person."""

    id: UUID
    room_label: str | None
    guest_name: str | None
    handed_off_at: datetime | None
    last_message_at: datetime | None
    unread_staff: int


class ToDoOut(_Read):
    """Of what there is nothing yet, and how it begins."""

    about: str
    hint: str


class SystemOut(_Read):
    """Which release answers, who words its answers, what it is connected to, and what was not taken there."""

    version: str
    git_sha: str
    schema_serial: int
    provider: PresentProvider
    external: dict[str, str]
    failed_syncs: int | None


class AdminDashboard(_Read):
    """The hotel's day; null is what there never was, and `to_do` says how it begins."""

    day: date
    timezone: str
    conversations: ConversationFigures | None
    tickets: TicketFigures | None
    work_orders: WorkOrderFigures | None
    scans: ScanFigures | None
    ai: AiFigures | None
    waiting: list[WaitingOut]
    emergencies: list[TicketOut]
    newest_tickets: list[TicketOut]
    active_codes: dict[str, int]
    to_do: list[ToDoOut]
    system: SystemOut


class StaffDashboard(_Read):
    """What the caller has to do; null is what there never was."""

    day: date
    timezone: str
    tickets: TicketFigures | None
    work_orders: WorkOrderFigures | None
    my_work_orders: list[WorkOrderOut]
    unassigned_work_orders: list[WorkOrderOut]
    my_tickets: list[TicketOut]
    waiting: list[WaitingOut]
    emergencies: list[TicketOut]
    to_do: list[ToDoOut]


class SummaryOut(_Read):
    """The figures of one period; a period in which nothing happened is not in the list.

    `cost_microusd` is null where the price of a call is not known; `known_cost_microusd` is a part of it.
    """

    period_start: datetime
    scans_guest: int
    scans_staff: int
    conversations: int
    messages: int
    ai_calls: int
    ai_failed: int
    handoffs: int
    tokens: int
    cost_microusd: int | None
    known_cost_microusd: int
    p50_ms: int | None
    p95_ms: int | None
    tickets: int
    work_orders: int
    by_model: dict[str, Any]
    updated_at: datetime

    @classmethod
    def of(cls, summary: AnalyticsSummary) -> Self:
        """The figures as those see them who may."""
        told = {name: getattr(summary, name) for name in cls.model_fields if hasattr(summary, name)}
        known = summary.cost_microusd
        cost = None if summary.ai_unpriced else known
        return cls(**told | {"cost_microusd": cost, "known_cost_microusd": known})


class Analytics(_Read):
    """Periods in which something happened, oldest first; without any, what makes them."""

    period: PeriodKind
    start: datetime
    items: list[SummaryOut]
    hint: str | None
