"""One run of a workflow, step by step, as it is kept for people to look at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Failure
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.logs import current_request
from hotelctl.app.store import runs
from hotelctl.app.store.direct import Asked
from hotelctl.app.store.tables import WorkflowExecution

Status = Literal["success", "partial", "failed"]


@dataclass(slots=True)
class Step:
    """A step while it happens; with an `error` it failed, though the run may go on."""

    name: str
    began_s: float = field(default_factory=time.perf_counter)
    error: str | None = None
    is_untold: bool = False
    """It stands in `ending_with`, or nothing came of it and it is done anew."""


class WorkflowRun:
    """Gathers steps as they happen; `keep` writes them down, or `beginning` and, however it went, `end`."""

    def __init__(self, workflow: str, trigger_id: UUID, *, not_before: datetime | None = None) -> None:
        """Begin now, and not before that moment, whatever this machine's clock says."""
        now = datetime.now(UTC)
        self.id = uuid7()
        self._workflow = workflow
        self._trigger_id = trigger_id
        self.began_at = max(now, not_before or now)
        self._began_s = time.perf_counter()
        self._steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """A step that fails with its own error or the code of what leaves it."""
        step = Step(name)
        try:
            yield step
        except Failure as failure:
            step.error = failure.code
            raise
        except Exception:
            step.error = "internal"
            raise
        finally:
            if step.error or not step.is_untold:
                self._steps.append(self._told(step))

    def _told(self, step: Step) -> dict[str, Any]:
        took_ms = round((time.perf_counter() - step.began_s) * 1000, 2)
        status = "failed" if step.error else "success"
        told = {"name": step.name, "status": status, "ms": took_ms, "error": step.error}
        return {"id": len(self._steps) + 1, **told}

    @property
    def outcome(self) -> Status:
        """Of a run that came to its end: partial if a step failed on the way."""
        return "partial" if self._errors() else "success"

    def beginning(self, hotel_id: UUID, user_id: UUID | None = None) -> Asked:
        """The run stands as running in its hotel; a sweep finds it if it never ends."""
        begun = runs.Begin(
            self.id, hotel_id, self._workflow, self._trigger_id, user_id, self.began_at, _request_id()
        )
        return runs.beginning(begun)

    async def end(self, session: AsyncSession, status: Status) -> None:
        """The run, begun before, stands with its steps."""
        ended = runs.End(status, self._steps, self._errors(), self._now())
        await runs.end(session, self.id, ended)

    def ending_with(self, reply_id: UUID, step: Step) -> Asked:
        """The same in the message to the database that stores the reply, its last step, if it is stored."""
        step.is_untold = True
        steps = [*self._steps, self._told(step)]
        return runs.ending_with(reply_id, self.id, runs.End(self.outcome, steps, self._errors(), self._now()))

    def keep(self, session: AsyncSession, status: Status, user_id: UUID | None = None) -> None:
        """The run, from its beginning to its end, stands in the hotel of the transaction."""
        row = self._row(session, status, user_id)
        row.steps, row.errors, row.finished_at = self._steps, self._errors(), self._now()
        session.add(row)

    def _row(self, session: AsyncSession, status: str, user_id: UUID | None) -> WorkflowExecution:
        return WorkflowExecution(
            id=self.id,
            hotel_id=session.info["hotel_id"],
            workflow=self._workflow,
            trigger_id=self._trigger_id,
            user_id=user_id,
            status=status,
            steps=[],
            started_at=self.began_at,
            request_id=_request_id(),
        )

    def _errors(self) -> dict[str, str] | None:
        return {step["name"]: step["error"] for step in self._steps if step["error"]} or None

    def _now(self) -> datetime:
        # Not by the clock, which may be set while the run goes on.
        return self.began_at + timedelta(seconds=time.perf_counter() - self._began_s)


def _request_id() -> str | None:
    record = current_request.get()
    return record.request_id if record else None
