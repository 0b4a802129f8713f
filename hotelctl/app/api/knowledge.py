"""What the hotel knows: entries written, changed, removed, and tried out with a question."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.moments import Moment
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import Asking, reads, require
from hotelctl.app.api.talk import Strict, Text
from hotelctl.app.api.versions import IfMatchDep, etag
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.domain.failures import Invalid
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import knowledge_entries, knowledge_gaps
from hotelctl.app.services.models.run import try_out
from hotelctl.app.store import knowledge
from hotelctl.app.store.direct import within
from hotelctl.app.store.paging import fetch
from hotelctl.app.store.tables import KnowledgeEntry

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])
Audience = Literal["guest", "staff"]
Lang = Literal[
    "simple", "english", "german", "french", "spanish", "italian", "dutch", "portuguese", "russian"
]
Title = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"\S")]
Body = Annotated[Text, Field(min_length=1, max_length=8000, pattern=r"\S")]
Keywords = Annotated[Text, Field(max_length=2000)]
Tags = Annotated[list[Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,40}$")]], Field(max_length=20)]
Source = Annotated[Text, Field(max_length=500)]
Reader = Annotated[Principal, require("kb.read")]
Writer = Annotated[Principal, require("kb.manage")]


class EntryIn(Strict):
    """A new entry; keywords are the words and questions of guests, in whatever language."""

    title: Title
    body: Body
    keywords: Keywords = ""
    audience: Audience = "guest"
    lang: Lang = "simple"
    tags: Tags = Field(default_factory=list)
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    source: Source | None = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, ends: datetime | None, info: ValidationInfo) -> datetime | None:
        begins = info.data.get("valid_from")
        if begins and ends and ends <= begins:
            raise ValueError("is not after valid_from")
        return ends


class EntryPatch(Strict):
    """What shall be different; what is not named stays."""

    title: Title | None = None
    body: Body | None = None
    keywords: Keywords | None = None
    audience: Audience | None = None
    lang: Lang | None = None
    tags: Tags | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    source: Source | None = None


class EntryOut(BaseModel):
    """One entry; `version` is what If-Match compares."""

    id: UUID
    title: str
    body: str
    keywords: str
    audience: Audience
    lang: str
    tags: list[str]
    valid_from: datetime | None
    valid_until: datetime | None
    source: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class TestIn(Strict):
    """A question as a guest would ask it."""

    question: Annotated[Text, Field(min_length=1, max_length=MAX_QUESTION)]
    audience: Audience = "guest"


class RankedOut(BaseModel):
    """An entry that was found; scores lie between 0 and 1."""

    entry_id: UUID
    title: str
    coverage: float
    score: float


class TestOut(BaseModel):
    """What was found, best first, and what would be answered and proposed."""

    entries: list[RankedOut]
    answer: str
    outcome: Literal["success", "blocked", "handoff"]
    language: str
    flags: list[str]
    proposals: list[str]


class UnansweredOut(BaseModel):
    """A guest's question that no entry answered."""

    question: str
    times: int
    asked_at: datetime


class UnansweredListOut(BaseModel):
    """The newest ones, as long as their text is kept."""

    items: list[UnansweredOut]


_NEVER_NULL = ("title", "body", "keywords", "audience", "lang", "tags")


def _out(entry: KnowledgeEntry) -> EntryOut:
    return EntryOut.model_validate(entry, from_attributes=True)


@router.get("")
async def list_entries(
    who: Reader, page: PageDep, service: ServiceDep, audience: Audience | None = None
) -> PageOut[EntryOut]:
    """The entries, newest first."""
    async with service.db.transaction(who.hotel_id) as session:
        by = (KnowledgeEntry.created_at, KnowledgeEntry.id)
        found = await fetch(session, knowledge.entries(audience), page, by=by)
    return PageOut(items=[_out(entry) for entry in found.items], next_cursor=found.next_cursor)


@router.post("", status_code=201, response_model=EntryOut)
async def write_entry(body: EntryIn, who: Writer, once: OnceDep) -> JSONResponse:
    """The new entry, found from now on."""

    async def make(session: AsyncSession) -> EntryOut:
        return _out(await knowledge_entries.write(session, who, body.model_dump()))

    return await once.create(who, make)


@router.post("/test")
async def try_question(body: TestIn, who: Writer, service: ServiceDep) -> TestOut:
    """Which entries a question finds and what would be answered; nothing is made or stored."""
    tried = await try_out(service.db, who, body.question, body.audience)
    return TestOut(
        entries=[RankedOut.model_validate(hit, from_attributes=True) for hit in tried.hits],
        answer=tried.text,
        outcome=tried.outcome,
        language=tried.language,
        flags=tried.flags,
        proposals=tried.proposals,
    )


@router.get("/unanswered")
async def list_unanswered(
    who: Writer, service: ServiceDep, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> UnansweredListOut:
    """The gaps: what guests asked and no entry answers, what was asked last first."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await knowledge_gaps.unanswered(session, limit)
    items = [UnansweredOut.model_validate(gap, from_attributes=True) for gap in found]
    return UnansweredListOut(items=items)


@router.get("/{entry_id}")
async def read_entry(
    entry_id: UUID, reader: Annotated[Asking, reads("kb.read")], response: Response
) -> EntryOut:
    """One entry."""
    entry = await knowledge_entries.read(reader.asks, entry_id)
    response.headers.update(etag(entry.version))
    return _out(entry)


def _changes(body: EntryPatch, entry: KnowledgeEntry) -> dict[str, Any]:
    """The named fields.

    Raises Invalid for a null where there must be a value, and for an end before its beginning.
    """
    named = body.model_dump(exclude_unset=True)
    for name in _NEVER_NULL:
        if name in named and named[name] is None:
            raise Invalid(("body", name), "cannot be null")
    begins = named.get("valid_from", entry.valid_from)
    ends = named.get("valid_until", entry.valid_until)
    if begins and ends and ends <= begins:
        raise Invalid(("body", "valid_until"), "is not after valid_from")
    return named


@router.patch("/{entry_id}")
async def change_entry(
    entry_id: UUID,
    body: EntryPatch,
    who: Writer,
    version: IfMatchDep,
    service: ServiceDep,
    response: Response,
) -> EntryOut:
    """The entry as it is now; 412 when it was changed since the version of If-Match."""
    async with service.db.transaction(who.hotel_id) as session:
        named = _changes(body, await knowledge_entries.read(within(session), entry_id))
        entry = await knowledge_entries.change(session, who, entry_id, version, named)
        out = _out(entry)
    response.headers.update(etag(out.version))
    return out


@router.delete("/{entry_id}", status_code=204)
async def remove_entry(entry_id: UUID, who: Writer, service: ServiceDep) -> Response:
    """204, and the entry is found no more; 404 when it was not there."""
    async with service.db.transaction(who.hotel_id) as session:
        await knowledge_entries.remove(session, who, entry_id)
    return Response(status_code=204)
