"""What only operators see: the outside services."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from hotelctl.app.api.parts import OperatorOnly, ServiceDep
from hotelctl.app.services.external.contact import Standing, State

router = APIRouter(prefix="/api/ops", dependencies=[OperatorOnly])


class StandingOut(BaseModel):
    """One outside service; code is there exactly when its last check failed."""

    state: State
    code: str | None
    latency_ms: float | None
    checked_at: datetime | None


class ServicesOut(BaseModel):
    """Every outside service."""

    smtp: StandingOut
    openai: StandingOut
    pinecone: StandingOut
    stripe: StandingOut
    s3: StandingOut


def _out(found: dict[str, Standing]) -> ServicesOut:
    return ServicesOut.model_validate(found, from_attributes=True)


@router.get("/services")
async def services(service: ServiceDep, *, check: bool = False) -> ServicesOut:
    """What this instance last found; with `check` every configured service is asked now, for 5 s at most."""
    directory = service.external
    return _out(await directory.check() if check else directory.last_found())
