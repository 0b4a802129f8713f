"""A hotel's data as one file, over the API and from the page of settings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.hotel_export import pack
from hotelctl.app.services.limiter import spend
from hotelctl.app.services.service import Service

router = APIRouter()
_ZIP = "application/zip"
_PIECE_BYTES = 64 * 1024
_BUCKET = "export"
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}
Exporter = Annotated[Principal, require("export.create", bucket=_BUCKET)]


@router.post("/api/export", response_class=Response, responses=_ANSWER, tags=["export"])
async def export(who: Exporter, service: ServiceDep) -> Response:
    """A zip with each row of the hotel, a file of JSON lines a table, without secrets and texts of mails."""
    return await _sent(service, who)


@router.post("/admin/export", dependencies=[MEANT], include_in_schema=False)
async def export_from_page(
    visitor: Annotated[Visitor, permitted("export.create")], service: ServiceDep
) -> Response:
    """The same for the browser, which saves it."""
    await spend(service.db, _BUCKET, str(visitor.who.subject_id))
    return await _sent(service, visitor.who)


async def _sent(service: Service, who: Principal) -> Response:
    file = await pack(service.db, who)
    name = f"export-{datetime.now(UTC):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(file), media_type=_ZIP, headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Read in threads, as the server does with what is no asynchronous iterator."""
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
