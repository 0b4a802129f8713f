"""P7: what one instance issued is good at another one: nothing that matters lives in one process."""

import json
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, is_synthetic
from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.codes import made, shown, token_of
from hotelctl.app.smoke.run import Probe, Run
from hotelctl.app.smoke.talk import Broken

NAME, BUDGET_S = "P7 carry-over", 4.0
Issued = Mapping[str, str]
_HOTEL = "hotel_id"
_UNREADABLE = "what was issued before the switch cannot be read"


async def issue(run: Run) -> Issued:
    """Tokens, a page's cookie, a code that nobody used yet and a guest's pass from another. Raises Broken."""
    person = run.person(Role.MANAGER)
    granted = (await run.log_in(person.email, person.password)).must(200)
    return {
        _HOTEL: str(run.ground.hotel_id),
        "access_token": granted.value("access_token"),
        "refresh_token": granted.value("refresh_token"),
        "cookie": await run.cookie(Role.MANAGER),
        "code": token_of(await made(run)),
        "guest": (await shown(run, token_of(await made(run)))).must(200).value("access_token"),
    }


def probe_of(issued: Issued) -> Probe:
    """The probe that everything of `issued` still works."""

    async def carry_over(run: Run) -> None:
        for name, check in _CHECKS.items():
            if name in issued:
                await check(run, issued[name])

    return Probe(NAME, BUDGET_S, carry_over)


async def _access_token(run: Run, token: str) -> None:
    found = await run.talk.ask("GET /api/protected", bearer=token)
    found.must(200, hotel_id=str(run.ground.hotel_id), role=Role.MANAGER.value)


async def _refresh_token(run: Run, token: str) -> None:
    body = {"refresh_token": token}
    renewed = (await run.talk.ask("POST /api/auth/refresh", json_body=body)).must(200)
    await _access_token(run, renewed.value("access_token"))


async def _cookie(run: Run, cookie: str) -> None:
    (await run.talk.ask("GET /account", cookie=cookie)).must(200)


async def _code(run: Run, token: str) -> None:
    (await shown(run, token)).must(200)


async def _guest(run: Run, token: str) -> None:
    found = await run.talk.ask("GET /api/protected", bearer=token)
    found.must(200, hotel_id=str(run.ground.hotel_id), kind="guest")


_CHECKS: Mapping[str, Callable[[Run, str], Awaitable[None]]] = {
    "access_token": _access_token,
    "refresh_token": _refresh_token,
    "cookie": _cookie,
    "code": _code,
    "guest": _guest,
}


def hotel_of(issued: Issued) -> UUID:
    """The hotel in which it was issued; runs of former releases have one for all. Raises Broken."""
    try:
        hotel_id = UUID(issued.get(_HOTEL, str(SYNTHETIC_HOTEL_ID)))
    except ValueError:
        hotel_id = None
    if hotel_id is None or not is_synthetic(hotel_id):
        raise Broken(_UNREADABLE)
    return hotel_id


def read_issued(printed: str) -> Issued:
    """What `issue` returned, as another process printed it. Raises Broken."""
    try:
        data = json.loads(printed)
    except ValueError:
        data = None
    if isinstance(data, dict) and data and all(isinstance(value, str) for value in data.values()):
        return data
    raise Broken(_UNREADABLE)
