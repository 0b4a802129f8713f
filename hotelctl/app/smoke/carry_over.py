"""P7: what one instance issued is good at another one: nothing that matters lives in one process."""

import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import jwt

from hotelctl.app.domain.failures import RateLimited
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, is_synthetic
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.limiter import BUCKETS
from hotelctl.app.smoke.codes import made, shown, token_of
from hotelctl.app.smoke.run import Probe, Run
from hotelctl.app.smoke.talk import Answer, Broken

NAME, BUDGET_S = "P7 carry-over", 4.0
Issued = Mapping[str, str]
_HOTEL = "hotel_id"
# Holds for an hour, which is longer than an access token does, and for one user alone.
_LIMIT, _ATTEMPT = "export", "POST /api/export"
# As long as the log-in beside it: a switch that was interrupted may be taken up hours later.
_CODE_MINUTES = 12 * 60
# More than the probe takes.
_MARGIN_S = 10
_UNREADABLE = "what was issued before the switch cannot be read"


async def issue(run: Run) -> Issued:
    """Tokens, a page's cookie, an unused code, a guest's pass, a limit that is used up. Raises Broken."""
    person = run.person(Role.MANAGER)
    granted = (await run.log_in(person.email, person.password)).must(200)
    return {
        _HOTEL: str(run.ground.hotel_id),
        "access_token": granted.value("access_token"),
        "refresh_token": granted.value("refresh_token"),
        "cookie": await run.cookie(Role.MANAGER),
        "code": token_of(await made(run, ttl_minutes=_CODE_MINUTES)),
        "guest": (await shown(run, token_of(await made(run)))).must(200).value("access_token"),
        "used_up": await _use_up(run),
    }


async def _use_up(run: Run) -> str:
    """The limit that the manager of this run has no attempt of any more. Raises Broken.

    Attempts of who may not count, too, and cost next to nothing.
    """
    for _ in range(_allowed()):
        (await _attempt(run, await run.token(Role.MANAGER))).must(403)
    return _LIMIT


async def _attempt(run: Run, bearer: str) -> Answer:
    return await run.talk.ask(_ATTEMPT, bearer=bearer)


def _allowed() -> int:
    (limit,) = BUCKETS[_LIMIT].limits
    return limit.allowed


def probe_of(issued: Issued) -> Probe:
    """The probe that everything of `issued` still works."""

    async def carry_over(run: Run) -> None:
        for name, check in _CHECKS.items():
            if name in issued:
                await check(run, issued)

    return Probe(NAME, BUDGET_S, carry_over)


async def _access_token(run: Run, issued: Issued) -> None:
    """One that ran out meanwhile is refused everywhere: then what renews it has to tell."""
    token = issued["access_token"]
    if not _ran_out(token):
        await _welcome(run, token)
    elif "refresh_token" not in issued:
        raise Broken(
            "the access token issued before the switch ran out, and nothing that renews it was issued"
        )


async def _used_up(run: Run, issued: Issued) -> None:
    """Whose attempts were used up has none anew. The limit may be over when the token is, never sooner."""
    token = issued.get("access_token", "")
    if issued["used_up"] != _LIMIT or not token or _ran_out(token):
        return
    # One is enough, unless this release allows more than the one before.
    for _ in range(_allowed()):
        attempt = await _attempt(run, token)
        if attempt.status == RateLimited.status:
            return
        attempt.must(403)
    raise Broken(f"{_ATTEMPT}: a limit that was used up before the switch began anew")


async def _refresh_token(run: Run, issued: Issued) -> None:
    renewed = (await run.refresh(issued["refresh_token"])).must(200).value("access_token")
    await _welcome(run, renewed)
    former = issued.get("access_token", "")
    if _ran_out(former) and _key_of(former) != _key_of(renewed):
        raise Broken(
            "the access token issued before the switch ran out, and what renewed it is signed with another "
            "key: keys were lost, or exchanged in between"
        )


async def _welcome(run: Run, access_token: str) -> None:
    found = await run.talk.ask("GET /api/protected", bearer=access_token)
    found.must(200, hotel_id=str(run.ground.hotel_id), role=Role.MANAGER.value)


def _ran_out(token: str) -> bool:
    """Whether the token itself says that it is over, or will be before the answer; of what is no token no."""
    try:
        ends_s = jwt.decode(token, options={"verify_signature": False}).get("exp", math.inf)
    except jwt.DecodeError:
        return False
    return bool(ends_s < time.time() + _MARGIN_S)


def _key_of(token: str) -> object:
    try:
        return jwt.get_unverified_header(token).get("kid")
    except jwt.DecodeError:
        return None


async def _cookie(run: Run, issued: Issued) -> None:
    (await run.talk.ask("GET /account", cookie=issued["cookie"])).must(200)


async def _code(run: Run, issued: Issued) -> None:
    (await shown(run, issued["code"])).must(200)


async def _guest(run: Run, issued: Issued) -> None:
    found = await run.talk.ask("GET /api/protected", bearer=issued["guest"])
    found.must(200, hotel_id=str(run.ground.hotel_id), kind="guest")


_CHECKS: Mapping[str, Callable[[Run, Issued], Awaitable[None]]] = {
    "access_token": _access_token,
    "used_up": _used_up,
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
