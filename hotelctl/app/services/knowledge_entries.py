"""What the hotel knows, written down: each change stands in the audit trail.

Each function works in the caller's transaction.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import NotFound, PreconditionFailed
from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import knowledge
from hotelctl.app.store.audit import Change, Thing, note
from hotelctl.app.store.direct import Asks
from hotelctl.app.store.tables import KnowledgeEntry


async def read(asks: Asks, entry_id: UUID) -> KnowledgeEntry:
    """The live entry, to be read. Raises NotFound."""
    entry = await knowledge.find(asks, entry_id)
    if entry is None:
        raise NotFound
    return entry


async def write(session: AsyncSession, who: Principal, values: Mapping[str, Any]) -> KnowledgeEntry:
    """The new entry, found from now on."""
    entry = await knowledge.add(session, who.hotel_id, values)
    change = Change(after={"title": entry.title, "audience": entry.audience})
    await note(session, who, "knowledge.create", _thing(entry.id), change)
    return entry


async def change(
    session: AsyncSession, who: Principal, entry_id: UUID, version: int, values: Mapping[str, Any]
) -> KnowledgeEntry:
    """The entry as it is now. Raises PreconditionFailed when it is not there in this version any more."""
    entry = await knowledge.change(session, entry_id, version, values)
    if entry is None:
        raise PreconditionFailed
    await note(session, who, "knowledge.update", _thing(entry_id), Change(after={"fields": sorted(values)}))
    return entry


async def remove(session: AsyncSession, who: Principal, entry_id: UUID) -> None:
    """The entry is found no more. Raises NotFound when it was not there."""
    if not await knowledge.remove(session, entry_id):
        raise NotFound
    await note(session, who, "knowledge.delete", _thing(entry_id))


def _thing(entry_id: UUID) -> Thing:
    return Thing("knowledge_entry", entry_id)
