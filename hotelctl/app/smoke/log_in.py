"""P1: the right person comes in, everybody else gets one answer; tokens rotate and end."""

import secrets
from functools import partial
from typing import Any

from hotelctl.app.domain.ids import SYNTHETIC_DOMAIN
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.password_check import address_key, email_key
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken


async def log_in(run: Run) -> None:
    """From a refused log-in to one that is over."""
    await _refused_alike(run)
    person = run.person(Role.MANAGER)
    granted = (await run.log_in(person.email, person.password)).must(200, token_type="Bearer")  # noqa: S106 - the scheme's name
    token, refresh = granted.value("access_token"), granted.value("refresh_token")
    (await run.talk.ask("GET /api/protected")).must(401, code="unauthenticated")
    (await run.talk.ask("GET /api/protected", bearer=token)).must(
        200, hotel_id=str(run.ground.hotel_id), role=Role.MANAGER.value, subject=str(person.user_id)
    )
    renewed = (await run.refresh(refresh)).must(200)
    (await run.refresh(refresh)).must(401, code="unauthenticated")
    token, refresh = renewed.value("access_token"), renewed.value("refresh_token")
    (await run.talk.ask("GET /api/protected", bearer=token)).must(200)
    left = await run.talk.ask("POST /api/auth/logout", json_body={"refresh_token": refresh})
    run.ground.forgive("logout")
    left.must(204)
    (await run.talk.ask("GET /api/protected", bearer=token)).must(401, code="unauthenticated")


async def _refused_alike(run: Run) -> None:
    """A wrong password and an address that nobody has get the same answer."""
    email = run.person(Role.MANAGER).email
    wrong = (await run.log_in(email, secrets.token_urlsafe(16))).must(401, code="unauthenticated")
    unknown = f"nobody-{secrets.token_hex(4)}@{SYNTHETIC_DOMAIN}"
    nobody = await run.log_in(unknown, secrets.token_urlsafe(16))
    run.ground.forgive("login_ip", partial(address_key, unknown))
    run.ground.forgive("login_email", lambda _: email_key(unknown))
    if _told(wrong) != _told(nobody.must(401)):
        raise Broken(f"{nobody.request}: tells an unknown address from a wrong password")


def _told(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in answer.body().items() if name != "request_id"}
