"""Who did what in the hotel, on a page."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from hotelctl.app.api.clock import Clock
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import Visitor, permitted
from hotelctl.app.store import people, things, trail
from hotelctl.app.store.tables import AuditEvent
from hotelctl.app.store.trail import TrailFilter

# Fields of which the trail holds a code, and no text that somebody wrote.
_CODED = frozenset(
    {
        *("status", "priority", "kind", "role", "department", "purpose", "audience", "visibility", "asked"),
        *("ai_enabled", "openai_enabled", "upsell_enabled"),
    }
)
# Ids, which tell a reader of the page nothing.
_FOR_PROGRAMS = frozenset({"ids", "comment_id", "replaced_by"})
# Ids of users, who have names.
_PEOPLE = frozenset({"assigned_to", "user_id"})
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
        names = await people.names(session, _people(found.items))
        named = await things.named(session, found.items)
    clock = visitor.clock
    return page(
        request,
        "audit",
        viewer=visitor.viewer,
        found=found,
        is_first=paging.cursor is None,
        names=names,
        things=named,
        differences=partial(_differences, clock, {str(one): name for one, name in names.items()}),
        clock=clock,
    )


def _people(events: Iterable[AuditEvent]) -> set[UUID]:
    """The users that the events name, as actors and in what they changed."""
    found = set()
    for event in events:
        told = [(event.before or {}).get(name) for name in _PEOPLE]
        told += [(event.after or {}).get(name) for name in _PEOPLE]
        found |= {UUID(one) for one in told if one}
        found |= {event.actor_id} if event.actor_id else set()
    return found


def _differences(
    clock: Clock,
    names: Mapping[str, str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> list[tuple[str, str]]:
    """What was told of the change: each field with what it is now, and what it was before."""
    old, new = before or {}, after or {}
    told = []
    for name, value in new.items():
        if name in _FOR_PROGRAMS:
            continue
        now = _told(clock, names, name, value)
        if name not in old:
            told.append((name, now))
        elif old[name] != value:
            told.append((name, f"{_told(clock, names, name, old[name])} → {now}"))
    return told


def _told(clock: Clock, names: Mapping[str, str], name: str, value: object) -> str:
    if name in _PEOPLE and value is not None:
        return names.get(str(value)) or clock.t("doer.user")
    if name == "sla_minutes" and isinstance(value, int):
        return clock.t("tickets.minutes", n=value)
    if isinstance(value, list):
        words = [clock.t.known(f"field.{one}", str(one)) if name == "fields" else str(one) for one in value]
        return ", ".join(words)
    if isinstance(value, str) and _MOMENT.match(value):
        return clock.told(value)
    if value is None:
        return clock.t("frame.nothing")
    return clock.t.known(f"value.{value}", str(value)) if name in _CODED else str(value)
