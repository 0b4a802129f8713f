"""Reading the audit trail of the transaction's hotel."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.paging import Found, Page, fetch
from hotelctl.app.store.tables import AuditEvent


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which events a list holds; None asks for nothing."""

    action: str | None = None
    object_kind: str | None = None
    object_id: UUID | None = None
    actor_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    actions: Collection[str] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What every event of the list fulfils."""
        found = [
            getattr(AuditEvent, name) == getattr(self, name)
            for name in ("action", "object_kind", "object_id", "actor_id")
            if getattr(self, name) is not None
        ]
        if self.actions is not None:
            found.append(AuditEvent.action.in_(self.actions))
        if self.start is not None:
            found.append(AuditEvent.created_at >= self.start)
        if self.end is not None:
            found.append(AuditEvent.created_at < self.end)
        return found


async def newest(session: AsyncSession, wanted: TrailFilter, page: Page) -> Found[AuditEvent]:
    """A page of the events, newest first."""
    statement = select(AuditEvent).where(*wanted.conditions())
    return await fetch(session, statement, page, by=[AuditEvent.created_at, AuditEvent.id])
