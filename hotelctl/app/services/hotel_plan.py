"""What a hotel has of the assistant: its plan, and how many answers it may give in a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import ai_log, audit, hotels
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import Hotel

MOST_CALLS = 10_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds now; `calls_this_month` is how much of the limit is used."""

    plan: str
    ai_monthly_limit: int
    calls_this_month: int


async def read(session: AsyncSession, who: Principal) -> Plan:
    """The plan of the caller's hotel. Raises NotFound."""
    return await _of(session, await _hotel(session, who))


async def change(session: AsyncSession, who: Principal, changes: Mapping[str, Any]) -> Plan:
    """The plan after the change; what is not named stays. Raises NotFound."""
    hotel = await _hotel(session, who, lock=True)
    before = {name: getattr(hotel, name) for name, value in changes.items() if getattr(hotel, name) != value}
    if before:
        after = {name: changes[name] for name in before}
        for name, value in after.items():
            setattr(hotel, name, value)
        await session.flush()
        await audit.note(session, who, "plan.update", Thing("hotel", hotel.id), Change(before, after))
    return await _of(session, hotel)


async def _hotel(session: AsyncSession, who: Principal, *, lock: bool = False) -> Hotel:
    hotel = await hotels.find(session, who.hotel_id, lock=lock)
    if hotel is None:
        raise NotFound
    return hotel


async def _of(session: AsyncSession, hotel: Hotel) -> Plan:
    return Plan(hotel.plan, hotel.ai_monthly_limit, await ai_log.calls_this_month(session))
