"""Setting a password with a one-time link, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hotelctl.app.api.auth import NewPassword, Secret
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import limited
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services.new_password import set_by_link

router = APIRouter(prefix="/api", tags=["users"])


class NewPasswordIn(BaseModel):
    """What the link carries, and the password that shall hold."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[Secret, Field(min_length=1, max_length=256)]
    new: NewPassword


@router.post(
    "/auth/set-password",
    status_code=204,
    dependencies=[limited("one_time_link")],
    responses=refusals(Unauthenticated),
)
async def set_password(body: NewPasswordIn, service: ServiceDep) -> Response:
    """204, and the password holds; 401 with one text for a link that is used up, too old or unknown."""
    await set_by_link(
        service.db,
        service.passwords,
        service.admission,
        token=body.token.get_secret_value(),
        password=body.new.get_secret_value(),
    )
    return Response(status_code=204)
