"""Every form of a page for every role: it is refused to whom its page is, and to who lacks its own right."""

import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from fastapi.dependencies.models import Dependant

from hotelctl.app.api.cookies import cookie_name
from hotelctl.app.api.csrf import form_token
from hotelctl.app.api.visitors import GuestDemand, PageDemand
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role, grants
from hotelctl.app.services.service import Service
from tests.app.callers import Headers
from tests.app.everybody import ANONYMOUS, CALLERS, add_everybody, come_in, standing
from tests.app.page_routes import page_of, posted_pages

pytestmark = [pytest.mark.database, pytest.mark.anyio]
# For who is not inside yet.
_OPEN = {"/login", "/forgot-password", "/set-password/{token}", "/q/{token}", "/staff/scan"}
# For whoever is inside, whatever the role.
_SIGNED_IN = {"/logout", "/guest/leave", "/account", "/account/password"}
_OUTSIDE = {"/login", "/guest"}


def _demands(dependant: Dependant) -> Iterator[PageDemand | GuestDemand]:
    for each in dependant.dependencies:
        if isinstance(each.call, PageDemand | GuestDemand):
            yield each.call
        yield from _demands(each)


def _forms() -> dict[str, list[PageDemand | GuestDemand]]:
    """By their addresses what the forms demand that are not for everybody."""
    known = _OPEN | _SIGNED_IN
    return {
        path: list(_demands(route.dependant)) for path, route in posted_pages().items() if path not in known
    }


def _holds(caller: str, demand: PageDemand | GuestDemand) -> bool:
    role, department = standing(caller)
    is_meant = (role is Role.GUEST) is isinstance(demand, GuestDemand)
    return caller != ANONYMOUS and is_meant and demand.permission in grants(role, department)


def _is_refused(answer: httpx.Response) -> bool:
    sent_to = answer.headers.get("Location", "").partition("?")[0]
    return answer.status_code == 403 or (answer.status_code == 303 and sent_to in _OUTSIDE)


def _fill_in(path: str) -> str:
    """The address of a row that is not there."""
    return re.sub(r"{\w+}", lambda _: str(uuid7()), path)


async def _browser(service: Service, caller: str) -> tuple[Headers, dict[str, str]]:
    """Headers of the caller's browser, and the field that shows that a form was meant."""
    given = await come_in(service, caller)
    if not given:
        return {"Sec-Fetch-Site": "same-origin"}, {}
    bearer, (_, _, cookie) = given.get("Authorization", ""), given.get("Cookie", "").partition("=")
    token = cookie or bearer.removeprefix("Bearer ")
    headers = {"Cookie": f"{cookie_name(service.settings)}={token}", "Sec-Fetch-Site": "same-origin"}
    return headers, {"csrf": form_token(token)}


def test_each_form_demands_a_right_or_is_known_to_need_none() -> None:
    # A name that no form bears would stay green for ever.
    assert posted_pages().keys() >= _OPEN | _SIGNED_IN
    assert [path for path, demands in _forms().items() if not any(one.permission for one in demands)] == []


@pytest.mark.parametrize("caller", CALLERS)
async def test_a_form_is_refused_to_whom_its_page_is(
    caller: str,
    client: httpx.AsyncClient,
    service: Service,
    hotels: str,
    owner_connection: psycopg.Connection,
) -> None:
    assert hotels
    add_everybody(owner_connection)
    headers, meant = await _browser(service, caller)
    forms, opened = _forms(), {}
    for page in {page_of(path) for path in forms}:
        opened[page] = not _is_refused(await client.get(_fill_in(page), headers=headers))
    wrong = []
    for path, demands in forms.items():
        due = opened[page_of(path)] and all(_holds(caller, demand) for demand in demands)
        answer = await client.post(_fill_in(path), data=meant, headers=headers)
        if _is_refused(answer) is due:
            wrong.append(f"POST {path}: {answer.status_code}, {'let in' if due else 'refused'} was due")
    assert wrong == []
