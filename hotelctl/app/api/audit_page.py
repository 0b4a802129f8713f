"""Who did what in the hotel, on a page."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from hotelctl.app.api.clock import Clock
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import Visitor, permitted
from hotelctl.app.store import people, trail
from hotelctl.app.store.trail import TrailFilter

# Fields of which the trail holds a code, and no text that somebody wrote.
_CODED = frozenset(
    {
        *("status", "priority", "kind", "role", "department", "purpose", "audience", "visibility", "asked"),
        *("ai_enabled", "openai_enabled", "upsell_enabled"),
    }
)
# Lists of ids, which tell a reader of the page nothing that their count does not.
_FOR_PROGRAMS = frozenset({"ids"})
router = APIRouter(include_in_schema=False)
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$")


@router.get("/admin/audit")
async def audit(
    request: Request,
    visitor: Annotated[Visitor, permitted("audit.read")],
    service: ServiceDep,
    paging: PageDep,
) -> Response:
    """What was done, the newest first."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        found = await trail.newest(session, TrailFilter(), paging)
        names = await people.names(session, {event.actor_id for event in found.items if event.actor_id})
    clock = visitor.clock
    return page(
        request,
        "audit",
        viewer=visitor.viewer,
        found=found,
        is_first=paging.cursor is None,
        names=names,
        differences=partial(_differences, clock),
        clock=clock,
    )


def _differences(
    clock: Clock, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[tuple[str, str]]:
    """What was told of the change: each field with what it is now, and what it was before."""
    old, new = before or {}, after or {}
    told = []
    for name, value in new.items():
        if name in _FOR_PROGRAMS:
            continue
        if name not in old:
            told.append((name, _told(clock, name, value)))
        elif old[name] != value:
            told.append((name, f"{_told(clock, name, old[name])} → {_told(clock, name, value)}"))
    return told


def _told(clock: Clock, name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and _MOMENT.match(value):
        return clock.at(datetime.fromisoformat(value))
    if value is None:
        return clock.t("frame.nothing")
    return clock.t.known(f"value.{value}", str(value)) if name in _CODED else str(value)
