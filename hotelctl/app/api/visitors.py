"""Who looks at a page, by cookie; what a page does with somebody who is not inside."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Form, Request

from hotelctl.app.api import csrf
from hotelctl.app.api.clock import Clock, clock_in
from hotelctl.app.api.cookies import cookie_name
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.navigation import links_for
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import Viewer
from hotelctl.app.api.require import count
from hotelctl.app.api.unsent import written
from hotelctl.app.api.way_in import OUTSIDE, way_in
from hotelctl.app.domain.failures import Forbidden, HotelSuspended, Unauthenticated
from hotelctl.app.domain.permissions import KNOWN
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.texts import Texts
from hotelctl.app.logs import note_hotel
from hotelctl.app.services.service import Service
from hotelctl.app.store import people
from hotelctl.app.store.tables import Hotel, User

PASSWORD_PAGE = "/account/password"  # noqa: S105 - an address, no secret


class SeeOther(Exception):
    """The person is sent to another page, after a look at what was not sent."""

    def __init__(self, location: str, unsent: tuple[str, ...] = ()) -> None:
        super().__init__(location)
        self.location = location
        self.unsent = unsent


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody inside, staff or guest; the browser's session token is the key of the forms."""

    who: Principal
    hotel: Hotel
    user: User | None
    session_token: str
    t: Texts

    @property
    def staff_id(self) -> UUID:
        """The member of staff. Raises Forbidden for a guest."""
        if self.who.user_id is None:
            raise Forbidden
        return self.who.user_id

    @property
    def viewer(self) -> Viewer:
        """What the frame of a page shows of the person."""
        form_token = csrf.form_token(self.session_token)
        if self.user is None:
            return Viewer(self.hotel.name, form_token, "/guest/leave", self.t("frame.end_session"))
        links = links_for(self.who, self.t)
        return Viewer(self.hotel.name, form_token, "/logout", self.t("frame.log_out"), links)

    @property
    def clock(self) -> Clock:
        """The hotel's clock, in the words of the person."""
        return clock_in(self.hotel.timezone, self.t)


async def _visitor(request: Request, service: ServiceDep) -> Visitor | None:
    token = request.cookies.get(cookie_name(service.settings))
    if not token or "." in token:
        return None
    try:
        # Pages are few: each asks whether the session still holds.
        who = await service.admission.admit(token, afresh=True)
    except HotelSuspended:
        # Told where one has to be inside; who comes in anew may do so elsewhere.
        request.state.is_hotel_closed = True
        return None
    except Unauthenticated:
        return None
    note_hotel(who.hotel_id, who.kind)
    await count(service, who)
    return await _described(request, service, who, token)


async def _described(request: Request, service: Service, who: Principal, token: str) -> Visitor | None:
    async with service.db.transaction(who.hotel_id) as session:
        hotel = await people.hotel(session)
        user = await people.user(session, who.user_id) if who.user_id else None
    if hotel is None or (who.user_id is not None and user is None):
        return None
    # Also for the pages of errors, which know nothing of the person.
    request.state.locale = (user.locale if user else None) or hotel.locale
    return Visitor(who, hotel, user, token, texts_for(request))


MaybeVisitor = Annotated[Visitor | None, Depends(_visitor)]


def _is_closed(request: Request) -> bool:
    """Whether who asks would be inside if the hotel were not suspended."""
    return bool(getattr(request.state, "is_hotel_closed", False))


def _check_open(request: Request) -> None:
    """Raises HotelSuspended for who would be inside otherwise."""
    if _is_closed(request):
        raise HotelSuspended


class PageDemand:
    """A dependency that gives a member of staff who holds a permission; others are sent to the log-in."""

    def __init__(self, permission: str | None) -> None:
        if permission is not None and permission not in KNOWN:
            raise ValueError(f"no such permission: {permission}")
        self.permission = permission

    async def __call__(self, request: Request, service: ServiceDep, visitor: MaybeVisitor) -> Visitor:
        """Raises SeeOther, HotelSuspended or Forbidden."""
        _check_open(request)
        if visitor is None or visitor.user is None:
            raise SeeOther(way_in(request, service.settings))
        if visitor.user.must_change_password and request.url.path != PASSWORD_PAGE:
            raise SeeOther(PASSWORD_PAGE)
        if self.permission is not None and not visitor.who.may(self.permission):
            raise Forbidden
        return visitor


class GuestDemand:
    """The same for a guest; others are told how a guest gets in."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    async def __call__(self, request: Request, service: ServiceDep, visitor: MaybeVisitor) -> Visitor:
        """Raises SeeOther, HotelSuspended or Forbidden."""
        _check_open(request)
        if visitor is None:
            raise SeeOther(way_in(request, service.settings))
        if visitor.user is not None:
            raise SeeOther(OUTSIDE)
        if not visitor.who.may(self.permission):
            raise Forbidden
        return visitor


async def _meant(
    request: Request,
    service: ServiceDep,
    visitor: MaybeVisitor,
    csrf_token: Annotated[str, Form(alias="csrf", max_length=128)] = "",
) -> None:
    _check_open(request)
    if visitor is None:
        unsent = await written(request, service.settings)
        raise SeeOther(way_in(request, service.settings), unsent)
    csrf.check(request, service.settings, visitor.session_token, csrf_token)


async def _leaving(
    request: Request,
    service: ServiceDep,
    visitor: MaybeVisitor,
    csrf_token: Annotated[str, Form(alias="csrf", max_length=128)] = "",
) -> None:
    token = request.cookies.get(cookie_name(service.settings), "")
    if visitor is None and not (token and _is_closed(request)):
        raise SeeOther(way_in(request, service.settings))
    csrf.check(request, service.settings, token, csrf_token)


def permitted(permission: str) -> Any:  # noqa: ANN401 - what Depends gives is FastAPI's own
    """The member of staff who looks at the page and holds the permission."""
    return Depends(PageDemand(permission))


# Any member of staff; and, in `dependencies`, a form that only our own pages can send.
StaffDep = Annotated[Visitor, Depends(PageDemand(None))]
MEANT = Depends(_meant)
# The same for who wants to be out, which a suspended hotel does not keep anybody from.
LEAVING = Depends(_leaving)
