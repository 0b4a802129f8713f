"""What happened to a ticket: what was said on it and what was changed, in one row of time.

It tells what whoever reads the ticket could have seen at each moment, and nothing else of the audit trail.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.tickets import Visibility
from hotelctl.app.services import tickets
from hotelctl.app.store import trail
from hotelctl.app.store.paging import Page
from hotelctl.app.store.tables import AuditEvent, Ticket, TicketComment
from hotelctl.app.store.trail import TrailFilter

_MOST_CHANGES = 100
_ACTIONS = frozenset({"ticket.create", "ticket.update", "ticket.overdue"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after; None where it had no value."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `said` for a word on the ticket, else what was done, with the changes."""

    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    said: str | None = None
    is_public: bool = False
    differences: tuple[Difference, ...] = ()


async def history(session: AsyncSession, who: Principal, ticket: Ticket) -> Sequence[Entry]:
    """The last words and changes, oldest first."""
    wanted = TrailFilter(actions=_ACTIONS, object_kind="ticket", object_id=ticket.id)
    events = (await trail.newest(session, wanted, Page(_MOST_CHANGES))).items
    comments = await tickets.read_comments(session, who, ticket)
    found = [_change(event) for event in events]
    found += [_word(comment) for comment in comments]
    return sorted(found, key=lambda entry: entry.at)


def _word(comment: TicketComment) -> Entry:
    return Entry(
        comment.created_at,
        comment.author_kind,
        comment.author_user_id,
        "ticket.comment",
        said=comment.body,
        is_public=comment.visibility == Visibility.PUBLIC,
    )


def _change(event: AuditEvent) -> Entry:
    changed = _differences(event.before or {}, event.after or {}) if event.action == "ticket.update" else ()
    return Entry(event.created_at, event.actor_kind, event.actor_id, event.action, differences=tuple(changed))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """What has no value is not named in the trail: a field that is missing on one side was or is empty."""
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name), after.get(name))


def people_in(entries: Collection[Entry]) -> set[UUID]:
    """The users that the entries name, as actors and as those whom something was given to."""
    named = {entry.actor_id for entry in entries if entry.actor_id}
    given = (one for entry in entries for one in entry.differences if one.field == "assigned_to")
    return named | {UUID(value) for one in given for value in (one.old, one.new) if value}
