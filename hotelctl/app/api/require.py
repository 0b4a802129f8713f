"""What a route demands of its caller: `who: Annotated[Principal, require("tickets.create")]`."""

from typing import Any

from fastapi import Depends, Request

from hotelctl.app.api.cookies import cookie_name, is_from_here
from hotelctl.app.api.parts import ServiceDep, bearer_token
from hotelctl.app.domain.failures import Forbidden, Unauthenticated
from hotelctl.app.domain.permissions import KNOWN
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import current_request
from hotelctl.app.services.service import Service

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def admit(request: Request, service: Service, *, afresh: bool = False) -> Principal:
    """Who asks: by bearer token, else by cookie, which other sites cannot use to change anything.

    Raises Unauthenticated, Forbidden or Unavailable.
    """
    bearer = bearer_token(request)
    token = bearer or request.cookies.get(cookie_name(service.settings))
    if not token:
        raise Unauthenticated
    if bearer is None and request.method not in _SAFE and not is_from_here(request, service.settings):
        raise Forbidden
    principal = await service.admission.admit(token, afresh=afresh)
    record = current_request.get()
    if record is not None:
        record.hotel_id, record.subject_kind = str(principal.hotel_id), principal.kind.value
    return principal


class Requirement:
    """A dependency that gives the principal who holds a permission; without one, whoever is logged in."""

    def __init__(self, permission: str | None, *, afresh: bool = False) -> None:
        if permission is not None and permission not in KNOWN:
            raise ValueError(f"no such permission: {permission}")
        self.permission = permission
        self._afresh = afresh

    async def __call__(self, request: Request, service: ServiceDep) -> Principal:
        """Raises Unauthenticated, Forbidden or Unavailable."""
        principal = await admit(request, service, afresh=self._afresh)
        if self.permission is not None and not principal.may(self.permission):
            raise Forbidden
        return principal


def require(permission: str) -> Any:  # noqa: ANN401 - what Depends gives is FastAPI's own
    """The caller, who holds the permission; how far it reaches is for the route: `who.scope(permission)`."""
    return Depends(Requirement(permission))


def signed_in(*, afresh: bool = False) -> Any:  # noqa: ANN401 - same
    """The caller, whoever it is; `afresh` asks the database whether the session still holds."""
    return Depends(Requirement(None, afresh=afresh))
