"""Statements on the hotel's knowledge entries."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store.direct import Asks, Fixed, columns_of, given
from hotelctl.app.store.tables import KnowledgeEntry

_ENTRY = Fixed.of(columns_of(KnowledgeEntry).where(KnowledgeEntry.id == given("entry")))


def entries(audience: str | None) -> Select[KnowledgeEntry]:
    """The live entries, of one audience if asked."""
    chosen = select(KnowledgeEntry)
    return chosen if audience is None else chosen.where(KnowledgeEntry.audience == audience)


async def find(asks: Asks, entry_id: UUID) -> KnowledgeEntry | None:
    """The live entry of the transaction's hotel, to be read."""
    (rows,) = await asks.ask((_ENTRY, {"entry": entry_id}))
    return rows[0] if rows else None


async def add(session: AsyncSession, hotel_id: UUID, values: Mapping[str, Any]) -> KnowledgeEntry:
    """The new entry."""
    entry = KnowledgeEntry(id=uuid7(), hotel_id=hotel_id, **values)
    session.add(entry)
    await session.flush()
    await session.refresh(entry)
    return entry


async def add_all(session: AsyncSession, hotel_id: UUID, entries: Sequence[Mapping[str, Any]]) -> None:
    """The new entries."""
    rows = [{"id": uuid7(), "hotel_id": hotel_id, **values} for values in entries]
    await session.execute(insert(KnowledgeEntry), rows)


async def change(
    session: AsyncSession, entry_id: UUID, version: int, values: Mapping[str, Any]
) -> KnowledgeEntry | None:
    """The changed entry, if it still has that version; of two changes at once one is made."""
    changed = (
        update(KnowledgeEntry)
        .where(KnowledgeEntry.id == entry_id, KnowledgeEntry.version == version)
        .values(**values, version=KnowledgeEntry.version + 1)
        .returning(KnowledgeEntry.id)
    )
    found = (await session.execute(changed.execution_options(synchronize_session=False))).one_or_none()
    if found is None:
        return None
    return await session.get_one(KnowledgeEntry, entry_id, populate_existing=True)


async def remove(session: AsyncSession, entry_id: UUID) -> bool:
    """Whether there was such an entry; it is marked as deleted."""
    marked = update(KnowledgeEntry).where(KnowledgeEntry.id == entry_id).values(deleted_at=func.now())
    found = await session.execute(
        marked.returning(KnowledgeEntry.id).execution_options(synchronize_session=False)
    )
    return found.one_or_none() is not None
