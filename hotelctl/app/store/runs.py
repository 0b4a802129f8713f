"""Statements on workflow executions: begun, ended, and those whose process died."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import cast

from hotelctl.app.store import conversations
from hotelctl.app.store.direct import Asked, Fixed, given, inserting, within
from hotelctl.app.store.tables import WorkflowExecution

TICKET_SLA, MESSAGE, QR_SCAN, KB_IMPORT = "ticket_sla", "message", "qr_scan", "kb_import"
# By how much the clocks of an instance and of the database may differ, and more.
_A_MOMENT = timedelta(minutes=1)
_CRASHED = {"code": "crashed"}


@dataclass(frozen=True, slots=True)
class Begin:
    """A run that begins."""

    id: UUID
    hotel_id: UUID
    workflow: str
    trigger_id: UUID
    user_id: UUID | None
    started_at: datetime
    request_id: str | None


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended."""

    status: str
    steps: list[dict[str, Any]]
    errors: dict[str, str] | None
    finished_at: datetime


_BEGIN = inserting(WorkflowExecution, Begin.__slots__, conversations.is_stored(given("trigger_id")))
_END = Fixed.of(
    update(WorkflowExecution)
    .where(WorkflowExecution.id == given("run"))
    .values({name: given(name) for name in End.__slots__})
)
# What the last step took in the database is known only there.
_END_WITH_REPLY = Fixed.of(
    text(
        """
        UPDATE workflow_executions SET status = :status, errors = :errors,
               steps = jsonb_set(:steps, ARRAY[:last, 'ms'], to_jsonb(
                 round((:ms + extract(epoch FROM clock_timestamp() - now()) * 1000)::numeric, 2))),
               finished_at = :finished_at + (clock_timestamp() - now())
         WHERE id = :run AND EXISTS (SELECT FROM messages WHERE id = :reply)
        """
    )
)
_LAST_TRY = Fixed.of(
    select(WorkflowExecution.status)
    .where(
        WorkflowExecution.workflow == given("workflow"),
        WorkflowExecution.trigger_id == given("trigger"),
        WorkflowExecution.started_at >= given("since"),
    )
    .order_by(WorkflowExecution.started_at.desc())
    .limit(1)
)


def beginning(begun: Begin) -> Asked:
    """The run of a stored message stands as running; a sweep finds it if it never ends."""
    return _BEGIN, {name: getattr(begun, name) for name in Begin.__slots__}


async def end(session: AsyncSession, run_id: UUID, ended: End) -> None:
    """The run says how it ended, also where a sweep took it for crashed meanwhile."""
    await within(session).ask((_END, {"run": run_id, **_values(ended)}))


def ending_with(reply_id: UUID, run_id: UUID, ended: End) -> Asked:
    """The same in the transaction that stores the reply, if it does; its last step took as long as that."""
    last, ms = str(len(ended.steps) - 1), ended.steps[-1]["ms"]
    return _END_WITH_REPLY, {"run": run_id, "reply": reply_id, "last": last, "ms": ms, **_values(ended)}


def _values(ended: End) -> dict[str, Any]:
    values = {name: getattr(ended, name) for name in End.__slots__}
    errors = None if ended.errors is None else Jsonb(ended.errors)
    return {**values, "steps": Jsonb(ended.steps), "errors": errors}


def last_try(workflow: str, trigger_id: UUID, since: datetime) -> Asked:
    """The status of the last run that this began, which happened then or a moment before."""
    return _LAST_TRY, {"workflow": workflow, "trigger": trigger_id, "since": since - _A_MOMENT}


async def find(session: AsyncSession, run_id: UUID) -> WorkflowExecution | None:
    """The run, if it is of the transaction's hotel."""
    return await session.get(WorkflowExecution, run_id)


async def fail_silent(session: AsyncSession, hotel_id: UUID, silent_for: timedelta) -> int:
    """Runs that still say `running` so long after their start are failed; how many there were."""
    statement = (
        update(WorkflowExecution)
        .where(
            WorkflowExecution.hotel_id == hotel_id,
            WorkflowExecution.status == "running",
            WorkflowExecution.started_at < func.now() - silent_for,
        )
        .values(status="failed", finished_at=func.now(), errors=cast(_CRASHED, JSONB))
        .returning(WorkflowExecution.id)
    )
    return len((await session.execute(statement)).all())


async def newest(session: AsyncSession, workflow: str, *, limit: int) -> Sequence[WorkflowExecution]:
    """The last runs of a workflow, the newest first."""
    statement = (
        select(WorkflowExecution)
        .where(WorkflowExecution.workflow == workflow)
        .order_by(WorkflowExecution.started_at.desc())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()
