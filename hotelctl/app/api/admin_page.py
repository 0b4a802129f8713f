"""The page of those who run the hotel: its day in counts, who waits, what was asked for."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import Visitor, permitted
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.services import dashboards
from hotelctl.app.services.assistant.present_provider import PresentProvider, present_provider
from hotelctl.app.services.external.contact import State
from hotelctl.app.services.service import Service

router = APIRouter(include_in_schema=False)
_BEGINS_AT = {"knowledge": "/admin/knowledge", "scans": "/admin/qr"}
_TONES = {State.CONFIGURED_UNCHECKED: "", State.OK: "good", State.FAILED: "bad"}
# How good it is, and what it is called.
_SHOWN_AS: Mapping[PresentProvider, tuple[str, str]] = {
    "off": ("", "overview.switched_off"),
    "degraded": ("warn", "overview.stands_in"),
    "openai": ("good", "overview.openai"),
    "local": ("good", "overview.local"),
}


@router.get("/admin")
async def admin(
    request: Request, visitor: Annotated[Visitor, permitted("analytics.read")], service: ServiceDep
) -> Response:
    """The hotel's day as the database has it; what never was is not shown as zero."""
    view = await dashboards.admin(service.db.reading(visitor.who.hotel_id), visitor.who)
    open_paths = {link.path for link in visitor.viewer.links}
    return page(
        request,
        "admin",
        viewer=visitor.viewer,
        view=view,
        clock=visitor.clock,
        begins_at={about: path for about, path in _BEGINS_AT.items() if path in open_paths},
        identity=service.identity,
        schema_serial=SCHEMA_SERIAL,
        provider=_SHOWN_AS[present_provider(service.assistant.providers, view.hotel)],
        outside=_outside(service),
        tones=_TONES,
    )


def _outside(service: Service) -> dict[str, State]:
    """Outside services that are set up and used, with what was last found of them."""
    found = service.external.serving()
    return {
        name: standing.state
        for name, standing in found.items()
        if standing is not None and standing.state is not State.NOT_CONFIGURED
    }
