"""One run of a workflow, step by step, as it is kept for people to look at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Failure
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.logs import current_request
from hotelctl.app.store.tables import WorkflowExecution

Status = Literal["success", "partial", "failed"]


class WorkflowRun:
    """Gathers steps while they happen; `keep` writes them down."""

    def __init__(self, workflow: str, trigger_id: UUID) -> None:
        self.id = uuid7()
        self._workflow = workflow
        self._trigger_id = trigger_id
        self._began_at = datetime.now(UTC)
        self._steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step that fails with the code of the failure that leaves it."""
        began_s, error = time.perf_counter(), None
        try:
            yield
        except Failure as failure:
            error = failure.code
            raise
        finally:
            took_ms = round((time.perf_counter() - began_s) * 1000, 2)
            status = "failed" if error else "success"
            self._steps.append(
                {"id": len(self._steps) + 1, "name": name, "status": status, "ms": took_ms, "error": error}
            )

    def keep(self, session: AsyncSession, status: Status, user_id: UUID | None = None) -> None:
        """The run stands in the hotel of the transaction."""
        record = current_request.get()
        errors = {step["name"]: step["error"] for step in self._steps if step["error"]}
        session.add(
            WorkflowExecution(
                id=self.id,
                hotel_id=session.info["hotel_id"],
                workflow=self._workflow,
                trigger_id=self._trigger_id,
                user_id=user_id,
                status=status,
                steps=self._steps,
                errors=errors or None,
                started_at=self._began_at,
                finished_at=datetime.now(UTC),
                request_id=record.request_id if record else None,
            )
        )
