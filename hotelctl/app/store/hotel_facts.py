"""What the assistant has to know of a hotel."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import quiet_hours
from hotelctl.app.domain.quiet_hours import QuietHours
from hotelctl.app.store.direct import Asked, Fixed, columns_of, given, within
from hotelctl.app.store.tables import Hotel

# Set for a run of probes that was asked to speak to outside services.
WITH_EXTERNAL = "with_external"
_ASSISTANT = "ai_enabled"


@dataclass(frozen=True, slots=True)
class HotelFacts:
    """One hotel; the switches are those settings that are true, `ai_enabled` also where it says nothing."""

    hotel_id: UUID
    name: str
    locale: str
    emergency_phone: str | None
    ai_monthly_limit: int
    is_synthetic: bool
    switches: frozenset[str]
    timezone: str = "UTC"
    handoff_email: str | None = None
    """Whom to tell when somebody needs a person; nobody, where the hotel named none."""
    quiet_hours: QuietHours | None = None

    @property
    def ai_enabled(self) -> bool:
        """Whether its assistant is on."""
        return _ASSISTANT in self.switches

    @property
    def stays_inside(self) -> bool:
        """Whether nothing of this hotel may leave the house: it is a probe's that was not asked to."""
        return self.is_synthetic and WITH_EXTERNAL not in self.switches


_HOTEL = Fixed.of(columns_of(Hotel).where(Hotel.id == given("hotel")))


def facts(hotel_id: UUID) -> Asked:
    """What `facts_of` is made of."""
    return _HOTEL, {"hotel": hotel_id}


async def read_facts(session: AsyncSession) -> HotelFacts:
    """The transaction's hotel."""
    ((row,),) = await within(session).ask(facts(session.info["hotel_id"]))
    return facts_of(row)


def facts_of(hotel: Hotel) -> HotelFacts:
    """The hotel's facts; its assistant is on unless `ai_enabled` is false."""
    switches = {name for name, value in hotel.settings.items() if value is True}
    return HotelFacts(
        hotel.id,
        hotel.name,
        hotel.locale,
        hotel.emergency_phone,
        hotel.ai_monthly_limit,
        hotel.is_synthetic,
        frozenset(switches | {_ASSISTANT} if hotel.settings.get(_ASSISTANT) is not False else switches),
        hotel.timezone,
        hotel.settings.get("handoff_email"),
        quiet_hours.of_hotel(hotel.settings),
    )
