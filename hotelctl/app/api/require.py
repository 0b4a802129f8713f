"""What a route demands of its caller: `who: Annotated[Principal, require("tickets.create")]`."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from hotelctl.app.api.client import caller_ip
from hotelctl.app.api.cookies import cookie_name, is_from_here
from hotelctl.app.api.parts import ServiceDep, bearer_token
from hotelctl.app.domain.failures import (
    Forbidden,
    HotelSuspended,
    PasswordChangeDue,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from hotelctl.app.domain.ids import is_synthetic
from hotelctl.app.domain.permissions import KNOWN
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import current_request, note_hotel
from hotelctl.app.services.limiter import BUCKETS, By, CountedReading, spend
from hotelctl.app.services.service import Service
from hotelctl.app.store.direct import Asks

_DEFAULT_BUCKET = "default"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Open to who has to choose a password first; log-out asks for a refresh token and for nobody.
_BEFORE_PASSWORD = frozenset({"/api/auth/password", "/api/session/me"})


async def admit(request: Request, service: Service, *, afresh: bool = False) -> Principal:
    """Who asks: by bearer token, else by cookie, which other sites cannot use to change anything.

    Raises Unauthenticated, HotelSuspended, Forbidden or Unavailable.
    """
    bearer = bearer_token(request)
    token = bearer or request.cookies.get(cookie_name(service.settings))
    if not token:
        raise Unauthenticated
    if bearer is None and request.method not in _SAFE and not is_from_here(request, service.settings):
        raise Forbidden
    principal = await service.admission.admit(token, afresh=afresh)
    note_hotel(principal.hotel_id, principal.kind)
    return principal


async def count(service: Service, principal: Principal, bucket: str = _DEFAULT_BUCKET) -> None:
    """The caller's request counts in the bucket. Raises RateLimited or Unavailable.

    Load is measured with one user of a synthetic hotel, who would be stopped by the common limit.
    """
    if bucket != _DEFAULT_BUCKET or not is_synthetic(principal.hotel_id):
        await spend(service.db, bucket, str(principal.subject_id))


class Requirement:
    """A dependency that gives the principal who holds a permission; without one, whoever is logged in."""

    refuses = (Unauthenticated, HotelSuspended, Forbidden, RateLimited, Unavailable)

    def __init__(
        self, permission: str | None, *, bucket: str = _DEFAULT_BUCKET, afresh: bool = False
    ) -> None:
        if permission is not None and permission not in KNOWN:
            raise ValueError(f"no such permission: {permission}")
        if bucket not in BUCKETS or BUCKETS[bucket].by is not By.SUBJECT:
            raise ValueError(f"no bucket that counts users and guests: {bucket}")
        self.permission = permission
        self.bucket = bucket
        self._afresh = afresh

    async def __call__(self, request: Request, service: ServiceDep) -> Principal:
        """Raises Unauthenticated, HotelSuspended, RateLimited, Forbidden or Unavailable."""
        principal = await admit(request, service, afresh=self._afresh)
        await self._count(request, service, principal)
        self._check(request, principal)
        return principal

    async def _count(self, request: Request, service: Service, principal: Principal) -> None:  # noqa: ARG002 - of a message
        """Raises RateLimited or Unavailable."""
        await count(service, principal, self.bucket)

    def _check(self, request: Request, principal: Principal) -> None:
        """Raises PasswordChangeDue or Forbidden."""
        if principal.must_change_password and request.url.path not in _BEFORE_PASSWORD:
            raise PasswordChangeDue
        if self.permission is not None and not principal.may(self.permission):
            raise Forbidden


@dataclass(frozen=True, slots=True)
class Asking:
    """Who reads, and whom the service asks for it: with the first message the request is counted."""

    who: Principal
    asks: Asks


class ReadRequirement(Requirement):
    """The same for a route that asks the database at once and changes nothing."""

    async def __call__(self, request: Request, service: ServiceDep) -> Asking:  # type: ignore[override] # each is called by FastAPI alone
        """Raises Unauthenticated, HotelSuspended, RateLimited, Forbidden or Unavailable."""
        who = await admit(request, service, afresh=self._afresh)
        if is_synthetic(who.hotel_id):
            self._check(request, who)
            return Asking(who, service.db.reading(who.hotel_id))
        counted = CountedReading(service.db, who.hotel_id, self.bucket, str(who.subject_id))
        try:
            self._check(request, who)
        except Forbidden:
            await counted.settle()
            raise
        record = current_request.get()
        if record is not None:
            record.owed = counted.settle
        return Asking(who, counted)


class AddressLimit:
    """A dependency that counts the network address in a bucket."""

    refuses = (RateLimited, Unavailable)

    def __init__(self, bucket: str) -> None:
        if bucket not in BUCKETS or BUCKETS[bucket].by is not By.ADDRESS:
            raise ValueError(f"no bucket that counts addresses: {bucket}")
        self.bucket = bucket

    async def __call__(self, service: ServiceDep) -> None:
        """Raises RateLimited or Unavailable."""
        await spend(service.db, self.bucket, caller_ip())


def require(permission: str, *, bucket: str = _DEFAULT_BUCKET) -> Any:  # noqa: ANN401 - FastAPI's own
    """The caller, who holds the permission; how far it reaches is for the route: `who.scope(permission)`.

    Each call counts in the bucket of services.limiter.
    """
    return Depends(Requirement(permission, bucket=bucket))


def reads(permission: str) -> Any:  # noqa: ANN401 - same
    """The Asking whose caller holds the permission, for routes that read and nothing else."""
    return Depends(ReadRequirement(permission))


def limited(bucket: str) -> Any:  # noqa: ANN401 - same
    """For routes that know no caller: `dependencies=[limited("qr.validate")]`."""
    return Depends(AddressLimit(bucket))


def signed_in(*, afresh: bool = False) -> Any:  # noqa: ANN401 - same
    """The caller, whoever it is; `afresh` asks the database whether the session still holds."""
    return Depends(Requirement(None, afresh=afresh))
