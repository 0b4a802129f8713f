"""A form that makes something, sent twice: the second sending makes nothing.

async with service.db.transaction(visitor.who.hotel_id) as session:
    if await once.begin(session, visitor.who):
        ...
"""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import idempotency
from hotelctl.app.store.idempotency import Answer, Attempt

_OF_THE_SENDING = frozenset({"csrf", "once"})


class OnceForm:
    """One sending of a form; what was changed in it since is a form of its own."""

    def __init__(self, once: UUID | None, route: str, said_sha256: bytes) -> None:
        self._once = once
        self._route = route
        self._said_sha256 = said_sha256

    async def begin(self, session: AsyncSession, who: Principal) -> bool:
        """Whether this is the first sending; if its transaction is taken back, the next one is.

        Raises Conflict while the first one takes too long.
        """
        if self._once is None:
            return True
        key = f"{who.subject_id}:form:{self._once}:{self._said_sha256.hex()}"
        attempt = Attempt(who.hotel_id, key, self._route, self._said_sha256)
        if await idempotency.begin(session, attempt) is not None:
            return False
        await idempotency.keep(session, attempt, Answer(303, {}))
        return True


async def _once_form(request: Request, once: Annotated[UUID | None, Form()] = None) -> OnceForm:
    form = await request.form()
    fields = [(name, value) for name, value in form.multi_items() if name not in _OF_THE_SENDING]
    said = sorted([(name, await _told(value)) for name, value in fields])
    path = request.url.path
    return OnceForm(once, f"POST {path}", hashlib.sha256(repr((path, said)).encode()).digest())


async def _told(value: str | UploadFile) -> str:
    """The text of a field; of a file its name and what is in it, which stays to be read."""
    if isinstance(value, str):
        return value
    content = await value.read()
    await value.seek(0)
    return f"{value.filename} {hashlib.sha256(content).hexdigest()}"


OnceFormDep = Annotated[OnceForm, Depends(_once_form)]
