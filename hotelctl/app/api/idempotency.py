"""`Idempotency-Key` on requests that create: a repeat gets the first answer and makes nothing.

@router.post("/tickets", status_code=201, response_model=TicketOut)
async def open_ticket(body: TicketIn, who: Annotated[Principal, require("tickets.create")], once: OnceDep):
    async def make(session: AsyncSession) -> TicketOut: ...
    return await once.create(who, make)
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refuses
from hotelctl.app.domain.failures import Conflict, IdempotencyMismatch
from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import idempotency
from hotelctl.app.store.engine import Database
from hotelctl.app.store.idempotency import Answer, Attempt

M = TypeVar("M", bound=BaseModel)
_KEY = Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")


class Once:
    """One request; `create` runs in one transaction of the caller's hotel."""

    def __init__(self, db: Database, key: str | None, route: str, request_sha256: bytes) -> None:
        self._db = db
        self._key = key
        self._route = route
        self._request_sha256 = request_sha256

    async def create(
        self,
        who: Principal,
        make: Callable[[AsyncSession], Awaitable[M]],
        *,
        kept: Callable[[M], M] | None = None,
        status: Callable[[], int] = lambda: 201,
    ) -> JSONResponse:
        """What was made, now or by an earlier attempt; `kept` gives what a repeat may see of it.

        `status` is asked after it was made.

        Raises IdempotencyMismatch, Conflict, and what `make` raises; then nothing was made.
        """
        async with self._db.transaction(who.hotel_id) as session:
            attempt = self._attempt(who)
            earlier = await idempotency.begin(session, attempt) if attempt else None
            if earlier is not None:
                return JSONResponse(earlier.body, earlier.status, {"Idempotency-Replayed": "true"})
            made = await make(session)
            if attempt is not None:
                body = (kept(made) if kept else made).model_dump(mode="json")
                await idempotency.keep(session, attempt, Answer(status(), body))
        return JSONResponse(made.model_dump(mode="json"), status())

    def _attempt(self, who: Principal) -> Attempt | None:
        """The key is the caller's own: nobody gets another one's answer by using the same."""
        if self._key is None:
            return None
        return Attempt(who.hotel_id, f"{who.subject_id}:{self._key}", self._route, self._request_sha256)


@refuses(Conflict, IdempotencyMismatch)
async def _once(
    request: Request, service: ServiceDep, idempotency_key: Annotated[str | None, _KEY] = None
) -> Once:
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    route = str(getattr(request.scope.get("route"), "path", request.url.path))
    return Once(service.db, idempotency_key, f"{request.method} {route}", hashlib.sha256(said).digest())


OnceDep = Annotated[Once, Depends(_once)]
