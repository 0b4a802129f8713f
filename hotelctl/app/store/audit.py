"""Who did what: written in the transaction that does it, so that nothing is done that is not noted."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import current_request
from hotelctl.app.store.tables import AuditEvent

_SECRET = ("password", "token", "secret", "hash")


class Thing(NamedTuple):
    """What was done to: `Thing("ticket", ticket.id)`."""

    kind: str
    id: UUID | None


class Change(NamedTuple):
    """What it was and what it is now, as far as the trail should tell: JSON values without secrets."""

    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


_NOTHING = Change()


async def note(
    session: AsyncSession,
    who: Principal,
    action: str,
    thing: Thing,
    change: Change = _NOTHING,
    *,
    by_assistant: bool = False,
) -> None:
    """The action (`ticket.update`) stands in the trail of the caller's hotel.

    Raises ValueError for a secret, and what the database raises; either ends the caller's transaction.
    """
    actor = "assistant" if by_assistant else who.kind.value
    event = _event(action, thing, change)
    event.hotel_id, event.actor_kind, event.actor_id = who.hotel_id, actor, who.subject_id
    session.add(event)
    await session.flush()


async def note_system(
    session: AsyncSession, hotel_id: UUID, action: str, thing: Thing, change: Change = _NOTHING
) -> None:
    """What a job did by itself; raises as `note` does."""
    event = _event(action, thing, change)
    event.hotel_id, event.actor_kind = hotel_id, "system"
    session.add(event)
    await session.flush()


def note_as_owner(
    connection: Connection, hotel_id: UUID, action: str, thing: Thing, change: Change = _NOTHING
) -> None:
    """What a chore did from outside the service; raises as `note` does."""
    event = _event(action, thing, change)
    event.hotel_id, event.actor_kind = hotel_id, "system"
    with Session(connection) as session:
        session.add(event)
        session.flush()


def _event(action: str, thing: Thing, change: Change) -> AuditEvent:
    if any(word in name.lower() for values in change for name in values or () for word in _SECRET):
        raise ValueError(f"{action}: a secret does not belong into the audit trail")
    record = current_request.get()
    return AuditEvent(
        id=uuid7(),
        action=action,
        object_kind=thing.kind,
        object_id=thing.id,
        before=change.before,
        after=change.after,
        request_id=record.request_id if record else None,
    )
