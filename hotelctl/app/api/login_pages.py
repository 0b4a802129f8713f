"""Log-in, log-out and the own new password in the browser."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api import csrf
from hotelctl.app.api.client import caller_ip, device
from hotelctl.app.api.cookies import clear_cookie, set_cookie
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.password_rules import LONGEST, SHORTEST_NEW, faults_of_new
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import LEAVING, MEANT, PASSWORD_PAGE, MaybeVisitor, StaffDep, Visitor
from hotelctl.app.api.way_in import ENDED, HOME, is_own, own_or_home
from hotelctl.app.domain.failures import Failure, Locked, RateLimited, Unauthenticated
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services.passes import Pass, open_web
from hotelctl.app.services.password_check import Proved
from hotelctl.app.services.service import Service
from hotelctl.app.store import session_ends
from hotelctl.app.store.session_log import note
from hotelctl.app.store.tables import User

router = APIRouter(include_in_schema=False)
EMAIL = re.compile(r"^[^\s\x00-\x1f\x7f]{1,127}@[^\s\x00-\x1f\x7f]{1,126}$")
PASSWORD_SET = "password_set"  # noqa: S105 - a word of the address, no secret
_SAID = {PASSWORD_SET: "login.set", ENDED: "login.ended"}
Text = Annotated[str, Form()]


@router.get("/login")
async def login_form(
    request: Request,
    visitor: MaybeVisitor,
    next: str = "",  # noqa: A002 - the parameter's name in the address
    said: str = "",
) -> Response:
    """The form; who is inside already is sent on."""
    if visitor is not None and visitor.user is not None:
        return RedirectResponse(own_or_home(next), 303)
    return _login_page(request, next, said=_SAID.get(said))


@router.post("/login")
async def log_in(
    request: Request,
    service: ServiceDep,
    email: Text = "",
    password: Text = "",
    next: Text = "",  # noqa: A002 - same
) -> Response:
    """A session for e-mail and password; one answer for every cause of refusal."""
    csrf.check_source(request, service.settings)
    try:
        with service.password_check.log_in():
            user, opened = await _open(service, await _prove(service, email, password))
    except (Unauthenticated, Locked, RateLimited) as failure:
        return _login_page(request, next, failure, email)
    return _enter(service, opened.token, PASSWORD_PAGE if user.must_change_password else own_or_home(next))


async def _open(service: Service, proved: Proved) -> tuple[User, Pass]:
    async with service.db.transaction(proved.hotel_id) as session:
        user = await service.password_check.enter(session, proved)
        opened = open_web(session, user, device())
        note(
            session,
            "login_ok",
            method="password",
            user_id=user.id,
            role=user.role,
            session_id=opened.session.id,
        )
    return user, opened


async def _prove(service: Service, email: str, password: str) -> Proved:
    if not EMAIL.match(email.strip()) or not 1 <= len(password) <= LONGEST:
        raise Unauthenticated
    return await service.password_check.prove(email, password, caller_ip())


def _enter(service: Service, token: str, goal: str) -> Response:
    response = RedirectResponse(goal, 303)
    set_cookie(response, service.settings, token)
    return response


def _login_page(
    request: Request, goal: str, failure: Failure | None = None, email: str = "", said: str | None = None
) -> Response:
    t = texts_for(request)
    shown = page(
        request,
        "login",
        status=failure.status if failure else 200,
        goal=goal if is_own(goal) else "",
        t=t,
        refused=refusal(failure, t, "login.wrong") if failure else None,
        mails=request.app.state.service.post.is_configured,
        email=email[:254],
        said=t(said) if said else None,
        has_ended=said == _SAID[ENDED],
    )
    if failure and failure.retry_after_s is not None:
        shown.headers.update({"Retry-After": str(failure.retry_after_s), **failure.headers})
    return shown


def refusal(failure: Failure, t: Texts, wrong: str) -> str:
    """What a person is told: the one text for every cause, or when to try again."""
    if failure.retry_after_s is None:
        return t(wrong)
    minutes = -(-failure.retry_after_s // 60)
    return t("login.wait", n=minutes)


@router.get(HOME)
async def home(staff: StaffDep) -> Response:
    """To the first page that the person may open."""
    return RedirectResponse(staff.viewer.links[0].path, 303)


@router.post("/logout", dependencies=[LEAVING])
async def log_out(service: ServiceDep, visitor: MaybeVisitor) -> Response:
    """The session is over and the browser forgets it; in a suspended hotel the browser alone."""
    if visitor is not None:
        await leave(service, visitor)
    response = RedirectResponse("/login", 303)
    clear_cookie(response, service.settings)
    return response


async def leave(service: Service, visitor: Visitor) -> None:
    """The session is over, at once and everywhere."""
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        await session_ends.end(session, who.session_id, "logout")
        note(session, "logout", session_id=who.session_id, user_id=who.user_id, role=who.role)
    service.admission.forget(who.session_id)


@router.get(PASSWORD_PAGE)
async def password_form(request: Request, staff: StaffDep) -> Response:
    """The form for a new password."""
    return _password_page(request, staff)


@router.post(PASSWORD_PAGE, dependencies=[MEANT])
async def change_password(
    request: Request,
    service: ServiceDep,
    staff: StaffDep,
    current: Text = "",
    new: Text = "",
    again: Text = "",
) -> Response:
    """The new password holds, every other session is over and this browser has a new one."""
    wrong = _faults(staff.t, current, new, again)
    if wrong:
        return _password_page(request, staff, wrong, status=422)
    try:
        async with service.password_check.renew(staff.who, current, new) as (session, user):
            opened = open_web(session, user, device())
    except (Unauthenticated, Locked, RateLimited) as failure:
        text = refusal(failure, staff.t, "login.not_yours")
        return _password_page(request, staff, {"current": text}, status=failure.status)
    service.admission.forget(staff.who.subject_id)
    return _enter(service, opened.token, HOME)


def _faults(t: Texts, current: str, new: str, again: str) -> dict[str, str]:
    if not 1 <= len(current) <= LONGEST:
        return {"current": t("login.not_yours")}
    if new == current:
        return {"new": t("password.same")}
    return faults_of_new(t, new, again)


def _password_page(
    request: Request, staff: Visitor, wrong: dict[str, str] | None = None, status: int = 200
) -> Response:
    return page(
        request,
        "password",
        viewer=staff.viewer,
        status=status,
        forced=bool(staff.user and staff.user.must_change_password),
        shortest=SHORTEST_NEW,
        wrong=wrong or {},
    )
