from collections.abc import Callable

import psycopg
import pytest

from hotelctl.app.domain.failures import NotConfigured
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.services.forgotten import send_link
from hotelctl.app.services.post import Post
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.codes import execute
from tests.app.mail import SERVER, Noted, link_in
from tests.app.people import add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_EMAIL = "staff@alpha.example"
_URL = "https://hotel.example"
_MAILS = "SELECT kind, recipient, status FROM outbox ORDER BY id"


@pytest.fixture
def post(service: Service, settings_of: Callable[..., Settings], app_url: str) -> Post:
    """With a mail server."""
    return Post(service.db, Noted(settings_of(app_url, **SERVER)), service.probe)


async def test_a_live_user_gets_a_mail_with_a_link_and_the_trail_tells_it(
    post: Post, service: Service, owner_url: str
) -> None:
    await send_link(service.db, post, _URL, " Staff@Alpha.example ")
    assert execute(owner_url, _MAILS) == [("password_reset", _EMAIL, "pending")]
    [(body,)] = execute(owner_url, "SELECT body FROM outbox")
    assert link_in(body)
    told = execute(owner_url, "SELECT action, actor_kind, actor_id, after FROM audit_events")
    assert told == [("user.forgot", "system", None, {"purpose": "password_reset"})]


async def test_who_was_invited_and_never_came_gets_the_invitation_again(
    post: Post, service: Service, owner_url: str
) -> None:
    execute(owner_url, "UPDATE users SET password_hash = NULL RETURNING 1")
    await send_link(service.db, post, _URL, _EMAIL)
    assert execute(owner_url, _MAILS) == [("invitation", _EMAIL, "pending")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET suspended_at = now() RETURNING 1",
        "UPDATE users SET deleted_at = now() RETURNING 1",
        "UPDATE hotels SET suspended_at = now() RETURNING 1",
        "UPDATE users SET email = 'x' || email RETURNING 1",
    ],
)
async def test_nobody_else_gets_anything_and_nothing_is_noted(
    change: str, post: Post, service: Service, owner_url: str
) -> None:
    execute(owner_url, change)
    await send_link(service.db, post, _URL, _EMAIL)
    for table in ("outbox", "verification_tokens", "audit_events"):
        assert execute(owner_url, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - the names above


async def test_an_address_gets_three_mails_an_hour_and_the_last_link_stays_good(
    post: Post, service: Service, owner_url: str
) -> None:
    for _ in range(5):
        await send_link(service.db, post, _URL, _EMAIL)
    await send_link(service.db, post, _URL, "manager@alpha.example")
    assert [row[1] for row in execute(owner_url, _MAILS)] == [_EMAIL] * 3 + ["manager@alpha.example"]
    good = "SELECT count(*) FROM verification_tokens WHERE used_at IS NULL AND expires_at > now()"
    assert execute(owner_url, good) == [(2,)]
    assert execute(owner_url, "SELECT count(*) FROM rate_limits WHERE position('@' IN key) > 0") == [(0,)]


async def test_a_probe_s_mail_is_not_sent(post: Post, service: Service, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        add_user(connection, SYNTHETIC_HOTEL_ID, "probe@synthetic.invalid", "staff")
    await send_link(service.db, post, _URL, "probe@synthetic.invalid")
    assert execute(owner_url, _MAILS) == [("password_reset", "probe@synthetic.invalid", "suppressed")]


async def test_without_a_mail_server_nothing_is_begun(service: Service, owner_url: str) -> None:
    with pytest.raises(NotConfigured):
        await send_link(service.db, service.post, _URL, _EMAIL)
    assert execute(owner_url, "SELECT count(*) FROM rate_limits") == [(0,)]
