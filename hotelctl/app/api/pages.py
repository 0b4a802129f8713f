"""The front page: what this is, and where guests and staff go on; at its foot what answers and how it is."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.domain.schema import SCHEMA_SERIAL

router = APIRouter(include_in_schema=False)


@router.get("/")
async def front(request: Request, service: ServiceDep) -> HTMLResponse:
    """The page, in plain HTML with its own style; it shows only what this instance just found."""
    state = await service.probe.read()
    return page(
        request,
        "front",
        ready=state.ready,
        state=state.status,
        checks=state.checks,
        identity=service.identity,
        started=f"{service.identity.started_at:%Y-%m-%d %H:%M:%S} UTC",
        schema_serial=SCHEMA_SERIAL,
    )
