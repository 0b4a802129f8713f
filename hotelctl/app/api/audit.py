"""Who did what, over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, StringConstraints

from hotelctl.app.api.moments import Moment
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import trail
from hotelctl.app.store.tables import AuditEvent
from hotelctl.app.store.trail import TrailFilter

router = APIRouter(prefix="/api/audit", tags=["audit"])
Reader = Annotated[Principal, require("audit.read")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z_.]+$")]


class EventOut(BaseModel):
    """One thing that somebody did; the system itself has no id."""

    id: UUID
    created_at: datetime
    actor_kind: Literal["user", "guest", "assistant", "system"]
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """The event as it was written."""
        return cls(**{name: getattr(event, name) for name in cls.model_fields})


async def _wanted(
    action: Word | None = None,
    object_kind: Word | None = None,
    object_id: UUID | None = None,
    actor_id: UUID | None = None,
    start: Annotated[Moment | None, Query(alias="from")] = None,
    end: Annotated[Moment | None, Query(alias="to")] = None,
) -> TrailFilter:
    return TrailFilter(
        action=action, object_kind=object_kind, object_id=object_id, actor_id=actor_id, start=start, end=end
    )


@router.get("")
async def list_events(
    who: Reader, service: ServiceDep, wanted: Annotated[TrailFilter, Depends(_wanted)], page: PageDep
) -> PageOut[EventOut]:
    """What was done in the hotel, the newest first."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await trail.newest(session, wanted, page)
    return PageOut(items=[EventOut.of(event) for event in found.items], next_cursor=found.next_cursor)
