"""What a hotel knows, from a file: over the API as the body, on the page as an upload."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Request, UploadFile
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.entry_lines import KINDS, Fault, Kind, Lines, read
from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.knowledge import Writer
from hotelctl.app.api.knowledge_form import wrong_words
from hotelctl.app.api.once_form import OnceFormDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.failures import Invalid
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import knowledge_import
from hotelctl.app.services.service import Service
from hotelctl.app.services.workflow_run import WorkflowRun

router = APIRouter()
_API, _PAGE = "/api/knowledge/import", "/admin/knowledge/import"
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {}}}
for _kind in KINDS:
    _BODY["requestBody"]["content"][_kind] = {"schema": {"type": "string"}}


class ImportOut(BaseModel):
    """How many entries were written, and the run of the workflow that wrote them."""

    entries: int
    workflow_id: UUID


@router.post(_API, status_code=201, response_model=ImportOut, openapi_extra=_BODY, tags=["knowledge"])
async def import_entries(request: Request, who: Writer, service: ServiceDep, once: OnceDep) -> Response:
    """Every line of the file is a new entry; 422 names each wrong line, and nothing is written then."""
    kind = _kind_of(request.headers.get("Content-Type", ""))
    run = knowledge_import.begin()
    found = await _read(service, who, run, await request.body(), kind)
    if found.faults:
        raise _refusal(found.faults)

    async def make(session: AsyncSession) -> ImportOut:
        values = [entry.model_dump() for entry in found.entries]
        await knowledge_import.write_all(session, who, run, values)
        return ImportOut(entries=len(values), workflow_id=run.id)

    return await once.create(who, make)


def _kind_of(content_type: str) -> Kind:
    media_type = content_type.split(";", maxsplit=1)[0].strip().lower()
    for kind in KINDS:
        if media_type == kind:
            return kind
    raise Invalid(("header", "Content-Type"), f"is none of {', '.join(KINDS)}")


def _refusal(faults: list[Fault]) -> Invalid:
    failure = Invalid(("body",), "is wrong")
    failure.errors = [
        {"loc": ["body", f"line {fault.line}", *([fault.field] if fault.field else [])], "msg": fault.what}
        for fault in faults
    ]
    return failure


async def _read(service: Service, who: Principal, run: WorkflowRun, content: bytes, kind: Kind) -> Lines:
    """What the file holds; that it holds faults is kept as a run that failed."""
    found = Lines()
    try:
        with run.step("read"):
            found = read(content, kind)
            if found.faults:
                raise _refusal(found.faults)
    except Invalid:
        async with service.db.transaction(who.hotel_id) as session:
            run.keep(session, "failed", who.user_id)
    return found


@router.post(_PAGE, dependencies=[MEANT], include_in_schema=False)
async def upload(
    request: Request,
    visitor: Annotated[Visitor, permitted("kb.manage")],
    service: ServiceDep,
    once: OnceFormDep,
    file: Annotated[UploadFile, File()],
) -> Response:
    """The entries are written, once, or the page names what is wrong in which line."""
    kind: Kind = "text/csv" if (file.filename or "").lower().endswith(".csv") else "application/x-ndjson"
    who, run = visitor.who, knowledge_import.begin()
    found = await _read(service, who, run, await file.read(), kind)
    if found.faults:
        return page(
            request,
            "knowledge_import",
            viewer=visitor.viewer,
            faults=found.faults,
            wrong=wrong_words(visitor.t),
            status=Invalid.status,
        )
    async with service.db.transaction(who.hotel_id) as session:
        if await once.begin(session, who):
            values = [entry.model_dump() for entry in found.entries]
            await knowledge_import.write_all(session, who, run, values)
    return RedirectResponse("/admin/knowledge?said=imported", 303)
