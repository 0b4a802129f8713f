"""What a hotel decides about itself: name, look, clock, contacts, what the assistant may, what is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import brand, quiet_hours, retention
from hotelctl.app.domain.failures import Forbidden, NotFound
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.retention import Retention
from hotelctl.app.services.jobs import analytics
from hotelctl.app.store import audit, hotels
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import Hotel

# Columns of their own; whatever else a hotel decides stands in `settings`.
_COLUMNS = ("name", "timezone", "locale", "email", "phone", "address", "emergency_phone")
# What stands in `brand`, and how it is called there.
_IN_BRAND = {"brand_color": "color", "widget_title": "widget_title"}
_OF_ASSISTANT = {"ai_enabled", "openai_enabled", "upsell_enabled"}


@dataclass(frozen=True, slots=True)
class HotelSettings:
    """What holds now, also where the hotel never said anything."""

    name: str
    brand_color: str | None
    """Like `#1f4e79`, on the pages for guests."""
    widget_title: str | None
    """What the conversation is called, on the pages for guests."""
    ai_enabled: bool
    openai_enabled: bool
    upsell_enabled: bool
    timezone: str
    locale: str
    email: str | None
    phone: str | None
    address: str | None
    emergency_phone: str | None
    handoff_email: str | None
    quiet_hours: str | None
    """Two times of day of the hotel's clock, as in `22:00-07:00`."""
    retention_days: Retention


async def read(session: AsyncSession, who: Principal) -> HotelSettings:
    """The settings of the caller's hotel. Raises NotFound."""
    hotel = await hotels.find(session, who.hotel_id)
    if hotel is None:
        raise NotFound
    return _of(hotel)


async def change(session: AsyncSession, who: Principal, changes: Mapping[str, Any]) -> HotelSettings:
    """The settings after the change; what is not named stays, of the retention days, too.

    Raises NotFound, or Forbidden where a switch of the assistant is changed without the right to it.
    """
    hotel = await hotels.find(session, who.hotel_id, lock=True)
    if hotel is None:
        raise NotFound
    before = _of(hotel)
    held = asdict(before)
    wanted = {**changes, "retention_days": {**held["retention_days"], **changes.get("retention_days", {})}}
    own = {name: value for name, value in wanted.items() if held[name] != value}
    if not own:
        return before
    if own.keys() & _OF_ASSISTANT and not who.may("ai.config"):
        raise Forbidden
    hotel.brand = {**hotel.brand, **{_IN_BRAND[name]: own[name] for name in own.keys() & _IN_BRAND.keys()}}
    for name in own.keys() & set(_COLUMNS):
        setattr(hotel, name, own[name])
    # A new object: what is changed within the old one nobody would write down.
    hotel.settings = {**hotel.settings, **{name: own[name] for name in own.keys() - {*_COLUMNS, *_IN_BRAND}}}
    await session.flush()
    after = _of(hotel)
    if "timezone" in own:
        await analytics.change_clock(session, hotel, before.timezone)
    told = Change(_told(before, own), _told(after, own))
    await audit.note(session, who, "settings.update", Thing("hotel", hotel.id), told)
    return after


def _of(hotel: Hotel) -> HotelSettings:
    quiet = quiet_hours.of_hotel(hotel.settings)
    look = brand.of_hotel(hotel.brand)
    return HotelSettings(
        brand_color=look.color,
        widget_title=look.widget_title,
        # The assistant is on unless it was switched off; the others are off unless they were switched on.
        ai_enabled=hotel.settings.get("ai_enabled") is not False,
        openai_enabled=hotel.settings.get("openai_enabled") is True,
        upsell_enabled=hotel.settings.get("upsell_enabled") is True,
        **{name: getattr(hotel, name) for name in _COLUMNS},
        handoff_email=hotel.settings.get("handoff_email"),
        quiet_hours=str(quiet) if quiet else None,
        retention_days=retention.of_hotel(hotel.settings),
    )


def _told(settings: HotelSettings, names: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit trail tells: each value that changed, on a level of its own."""
    told = {name: getattr(settings, name) for name in names if name != "retention_days"}
    if "retention_days" in names:
        told |= {f"days_of_{sort}": days for sort, days in asdict(settings.retention_days).items()}
    return told
