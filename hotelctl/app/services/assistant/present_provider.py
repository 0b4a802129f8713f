"""Who words answers for a hotel at this moment."""

from typing import Literal

from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.assistant.wording import SWITCH
from hotelctl.app.store.hotel_facts import HotelFacts

PresentProvider = Literal["off", "local", "openai", "degraded"]


def present_provider(providers: Providers, hotel: HotelFacts) -> PresentProvider:
    """`degraded` where the local rules stand in for a provider that failed; `off` where nobody answers."""
    if not hotel.ai_enabled:
        return "off"
    chosen, stands_in = providers.choose(
        switched_on=SWITCH in hotel.switches, stays_inside=hotel.stays_inside
    )
    if stands_in:
        return "degraded"
    return "openai" if chosen.name == "openai" else "local"
