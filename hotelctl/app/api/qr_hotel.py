"""The code of a hotel's entrance: it leads to the public page and lets nobody in."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import qr_image
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from hotelctl.app.store import people
from hotelctl.app.store.tables import Hotel

router = APIRouter(prefix="/api/qr")
# Every member of staff may print it, no guest needs to.
Staff = Annotated[Principal, require("kb.read")]
_SVG, _PNG = "image/svg+xml", "image/png"


def entrance_of(hotel: Hotel, settings: Settings) -> str:
    """The address of the hotel's public page, which its code leads to."""
    return f"{settings.hotel_public_url}/h/{hotel.entry_code}"


async def _address(service: Service, who: Principal) -> str:
    async with service.db.transaction(who.hotel_id) as session:
        hotel = await people.hotel(session)
    if hotel is None:
        raise NotFound
    return entrance_of(hotel, service.settings)


def _picture(kind: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/hotel.svg", response_class=Response, responses=_picture(_SVG))
async def hotel_svg(who: Staff, service: ServiceDep) -> Response:
    """The picture of the hotel's entry code."""
    return Response(qr_image.svg(await _address(service, who)), media_type=_SVG)


@router.get("/hotel.png", response_class=Response, responses=_picture(_PNG))
async def hotel_png(
    who: Staff,
    service: ServiceDep,
    scale: Annotated[int, Query(ge=1, le=qr_image.HIGHEST_SCALE)] = qr_image.PNG_SCALE,
) -> Response:
    """The same in pixels: each module is `scale` wide."""
    return Response(qr_image.png(await _address(service, who), scale), media_type=_PNG)
