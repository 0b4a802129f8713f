"""The registry of models, and a run by hand."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import require
from hotelctl.app.api.talk import Strict, Text
from hotelctl.app.domain.assistant.registry import ModelStatus
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.domain.failures import NotConfigured, QuotaUsedUp, TimedOut
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.models.run import Run, statuses

router = APIRouter(prefix="/api/ai", tags=["models"])
Key = Annotated[str, Path(pattern=r"^[a-z][a-z-]{1,59}$")]


class ModelOut(BaseModel):
    """One model; what it needs is named, whether or not it is there."""

    key: str
    title: str
    purpose: str
    version: str
    status: ModelStatus
    needs: list[str]
    timeout_s: float
    required_permission: str


class ModelsOut(BaseModel):
    """All models."""

    items: list[ModelOut]


class RunIn(Strict):
    """Input of those models that need some."""

    question: Annotated[Text, Field(min_length=1, max_length=MAX_QUESTION)] | None = None
    kind: Literal["housekeeping", "maintenance", "amenity", "room_service"] | None = None


class RunOut(BaseModel):
    """The result; `insufficient_data` says how much there is and how much it takes."""

    key: str
    status: Literal["ok", "insufficient_data"]
    result: dict[str, Any]
    latency_ms: int


@router.get("/models")
async def models(who: Annotated[Principal, require("kb.read")], service: ServiceDep) -> ModelsOut:
    """Every model with its true status."""
    found = await statuses(service.db, who.hotel_id)
    return ModelsOut(
        items=[
            ModelOut(
                key=model.key,
                title=model.title,
                purpose=model.purpose,
                version=model.version,
                status=status,
                needs=list(model.needs),
                timeout_s=model.timeout_s,
                required_permission=model.required_permission,
            )
            for model, status in found
        ]
    )


@router.post(
    "/models/{key}/run", response_model=RunOut, responses=refusals(QuotaUsedUp, NotConfigured, TimedOut)
)
async def run_model(
    key: Key, body: RunIn, who: Annotated[Principal, require("ai.run")], service: ServiceDep, once: OnceDep
) -> Response:
    """The result, made now from what the hotel has; 501 for a model that is not built or not switched on."""
    run = Run(service.db, service.metrics, Asker.of(who), key)

    async def make(session: AsyncSession) -> RunOut:
        ran = await run.make(session, body.question, body.kind)
        return RunOut(key=key, status=ran.status, result=ran.result, latency_ms=ran.latency_ms)

    async with run.attempt():
        return await once.create(who, make, status=lambda: 200)
