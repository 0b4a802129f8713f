"""What outside services tell on their own: signed, and taken once."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.domain.failures import NotConfigured, Unavailable
from hotelctl.app.services.external.stripe import SignatureError
from hotelctl.app.store import stripe_events

router = APIRouter(prefix="/api/webhooks")
_ANY_OBJECT = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}


class TakenOut(BaseModel):
    """The event is in safe hands; `duplicate` says that it was before."""

    received: Literal[True] = True
    duplicate: bool


@router.post("/stripe", openapi_extra=_ANY_OBJECT, responses=refusals(NotConfigured, Unavailable))
async def stripe(
    service: ServiceDep, request: Request, stripe_signature: Annotated[str | None, Header()] = None
) -> TakenOut:
    """An event of Stripe, by the signature over the very bytes that came; 501 without the signing secret."""
    contact = service.external.stripe
    contact.require_webhook()
    try:
        # The library may have to be loaded first.
        event = await asyncio.to_thread(contact.read_event, await request.body(), stripe_signature)
    except SignatureError:
        raise HTTPException(400) from None
    async with service.db.transaction() as session:
        first = await stripe_events.take(session, event.id, event.kind, livemode=event.livemode)
    return TakenOut(duplicate=not first)
