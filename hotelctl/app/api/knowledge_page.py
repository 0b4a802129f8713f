"""What the hotel knows, on a page: entries to write and change, a question to try, what found no answer."""

import contextlib
from collections.abc import Mapping
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.knowledge import EntryIn, Lang
from hotelctl.app.api.knowledge_form import ChangeForm, EntryForm, shown, wrong_words
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.once_form import OnceFormDep
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.domain.failures import PreconditionFailed
from hotelctl.app.domain.periods import zone
from hotelctl.app.services import knowledge_entries, knowledge_gaps
from hotelctl.app.services.models.run import try_out
from hotelctl.app.store import knowledge
from hotelctl.app.store.direct import within
from hotelctl.app.store.paging import fetch
from hotelctl.app.store.tables import KnowledgeEntry

router = APIRouter(prefix="/admin/knowledge", include_in_schema=False)
HERE = "/admin/knowledge"
Writer = Annotated[Visitor, permitted("kb.manage")]
_UNANSWERED = 20
_SAID = {
    "written": Notice("good", "knowledge.is_written"),
    "imported": Notice("good", "knowledge.is_imported"),
    "removed": Notice("good", "knowledge.is_removed"),
    "dismissed": Notice("good", "knowledge.is_dismissed"),
}


@router.get("")
async def overview(
    request: Request,
    visitor: Writer,
    service: ServiceDep,
    paging: PageDep,
    question: Annotated[str, Query(max_length=MAX_QUESTION)] = "",
    said: str = "",
) -> Response:
    """The entries, the newest first; with `question`, what a guest would read."""
    tried = await try_out(service.db, visitor.who, question, "guest") if question.strip() else None
    async with service.db.transaction(visitor.who.hotel_id) as session:
        by = (KnowledgeEntry.created_at, KnowledgeEntry.id)
        found = await fetch(session, knowledge.entries(None), paging, by=by)
        unanswered = await knowledge_gaps.unanswered(session, _UNANSWERED)
    return page(
        request,
        "knowledge",
        viewer=visitor.viewer,
        found=found,
        is_first=paging.cursor is None,
        unanswered=unanswered,
        question=question,
        tried=tried,
        longest=MAX_QUESTION,
        clock=visitor.clock,
        said=_SAID.get(said),
    )


@router.get("/new")
async def new(
    request: Request, visitor: Writer, title: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The empty form."""
    return _form(request, visitor, EntryForm(title=title).model_dump())


@router.post("/new", dependencies=[MEANT])
async def write(
    request: Request,
    visitor: Writer,
    service: ServiceDep,
    once: OnceFormDep,
    form: Annotated[EntryForm, Form()],
) -> Response:
    """The entry is written, once, or the form says what is wrong with it."""
    given = form.given(zone(visitor.hotel.timezone))
    wrong = faults(EntryIn, given, wrong_words(visitor.t))
    if wrong:
        return _form(request, visitor, form.model_dump(), wrong=wrong, status=422)
    async with service.db.transaction(visitor.who.hotel_id) as session:
        if await once.begin(session, visitor.who):
            await knowledge_entries.write(session, visitor.who, filled(EntryIn, given).model_dump())
    return RedirectResponse(f"{HERE}?said=written", 303)


@router.post("/unanswered/dismiss", dependencies=[MEANT])
async def dismiss(
    visitor: Writer, service: ServiceDep, question: Annotated[str, Form(max_length=MAX_QUESTION)]
) -> Response:
    """The question stands in the list no more until somebody asks it again."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await knowledge_gaps.dismiss(session, visitor.who, question)
    return RedirectResponse(f"{HERE}?said=dismissed", 303)


@router.get("/{entry_id}")
async def edit(request: Request, entry_id: UUID, visitor: Writer, service: ServiceDep) -> Response:
    """The form with the entry as it is."""
    entry = await knowledge_entries.read(service.db.reading(visitor.who.hotel_id), entry_id)
    fields = shown(entry, zone(visitor.hotel.timezone))
    return _form(request, visitor, fields, address=f"{HERE}/{entry_id}", version=entry.version)


@router.post("/{entry_id}", dependencies=[MEANT])
async def change(
    request: Request,
    entry_id: UUID,
    visitor: Writer,
    service: ServiceDep,
    form: Annotated[ChangeForm, Form()],
) -> Response:
    """The entry is changed; who was slower than a colleague is shown the own text again, and told so."""
    clock, fields, address = zone(visitor.hotel.timezone), form.model_dump(), f"{HERE}/{entry_id}"
    wrong = faults(EntryIn, form.given(clock), wrong_words(visitor.t))
    if wrong:
        return _form(request, visitor, fields, wrong=wrong, address=address, version=form.version, status=422)
    async with service.db.transaction(visitor.who.hotel_id) as session:
        entry = await knowledge_entries.read(within(session), entry_id)
        meant = filled(EntryIn, form.given(clock)).model_dump()
        current, changed = entry.version, {name: meant[name] for name in form.changed(entry, clock)}
        with contextlib.suppress(PreconditionFailed):
            await knowledge_entries.change(session, visitor.who, entry_id, form.version, changed)
            return RedirectResponse(f"{HERE}?said=written", 303)
    late = PreconditionFailed.status
    return _form(request, visitor, fields, address=address, version=current, status=late)


@router.post("/{entry_id}/remove", dependencies=[MEANT])
async def remove(entry_id: UUID, visitor: Writer, service: ServiceDep) -> Response:
    """The entry is found no more."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await knowledge_entries.remove(session, visitor.who, entry_id)
    return RedirectResponse(f"{HERE}?said=removed", 303)


def _form(  # noqa: PLR0913 - what differs between the four ways to come here
    request: Request,
    visitor: Visitor,
    fields: Mapping[str, Any],
    *,
    wrong: Mapping[str, str] | None = None,
    address: str = f"{HERE}/new",
    version: int | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "knowledge_entry",
        viewer=visitor.viewer,
        fields=fields,
        wrong=wrong or {},
        address=address,
        version=version,
        languages=visitor.t.choices("language", get_args(Lang)),
        is_late=status == PreconditionFailed.status,
        status=status,
    )
