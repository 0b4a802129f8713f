"""A hotel's plan and its limit of answers, over HTTP; for who answers for what it costs."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.api.texts import LEFT_OUT, length
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import hotel_plan
from hotelctl.app.services.hotel_plan import MOST_CALLS, Plan

router = APIRouter(prefix="/api/plan", tags=["plan"])
Payer = Annotated[Principal, require("billing.manage")]
PlanName = Annotated[str, length(1, 40), Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", examples=["standard"])]


class PlanPatch(BaseModel):
    """What shall be different; what is left out stays. With a limit of 0 the assistant answers nobody."""

    model_config = ConfigDict(extra="forbid")

    plan: PlanName = LEFT_OUT
    ai_monthly_limit: Annotated[StrictInt, Field(ge=0, le=MOST_CALLS)] = LEFT_OUT


@router.get("")
async def read_plan(who: Payer, service: ServiceDep) -> Plan:
    """What the hotel has, and how much of it this month has used."""
    async with service.db.transaction(who.hotel_id) as session:
        return await hotel_plan.read(session, who)


@router.patch("")
async def change_plan(body: PlanPatch, who: Payer, service: ServiceDep) -> Plan:
    """The plan after the change, which holds from the next question on."""
    async with service.db.transaction(who.hotel_id) as session:
        return await hotel_plan.change(session, who, body.model_dump(exclude_unset=True))
