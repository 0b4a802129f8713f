"""Every page that is routed, a new one by itself: the screen, axe-core and a keyboard get along with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from hotelctl.app.services.tokens import hash_of
from tests.app.codes import execute
from tests.app.page_routes import page_routes
from tests.app.work import add, one, user_id
from tests.app_system.busy_hotel import busy
from tests.app_system.instances import running
from tests.app_system.visiting import entered, judge, walk

pytestmark = pytest.mark.system
_NO_PAGES = {"/healthz", "/home", "/static/{stem}.{digest}.{suffix}"}
_FOR_ALL = {"/", "/login", "/forgot-password", "/guest", "/staff/scan", "/q/{token}", "/h/{entry_code}"}
_BY_LINK = "/set-password/{token}"
_IN_A_ROOM = "/guest/chat"
_CODE, _LINK = "a-code-that-nobody-guesses-0123456789ab", "a-link-that-nobody-guesses-0123456789ab"
_LONG_NAMES = ("UPDATE hotels SET name = %s WHERE slug = 'alpha'", "UPDATE users SET display_name = %s")
_MAILS = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "EMAIL_FROM": "assistant@hotel.example"}


@pytest.fixture
def site(environment: dict[str, str], hotels: str, tmp_path: Path) -> Iterator[str]:
    """Where the service listens, which can send mail; a code for a room and a link are good."""
    busy(hotels)
    for rename in _LONG_NAMES:
        execute(hotels, rename, "W" * 90)
    soon = datetime.now(UTC) + timedelta(hours=1)
    code = {"purpose": "guest_access", "prefix": _CODE[:6], "room_label": "W" * 40, "max_uses": 2}
    add(hotels, "guest_staff_qr_tokens", token_hash=hash_of(_CODE), expires_at=soon, **code)
    link = {"purpose": "password_reset", "user_id": user_id(hotels, "staff@alpha.example")}
    add(hotels, "verification_tokens", token_hash=hash_of(_LINK), expires_at=soon, **link)
    with running({**environment, **_MAILS}, tmp_path / "service.log") as instance:
        yield instance.base_url


def _known(owner_url: str) -> dict[str, str]:
    """What stands in addresses."""
    ids = {
        "entry_id": "SELECT id FROM knowledge_entries",
        "ticket_id": "SELECT id FROM tickets",
        "order_id": "SELECT id FROM work_orders ORDER BY id LIMIT 1",
        "conversation_id": "SELECT id FROM conversations",
        "user_id": "SELECT id FROM users WHERE email = 'staff@alpha.example'",
        "entry_code": "SELECT entry_code FROM hotels WHERE slug = 'alpha'",
    }
    return {name: str(one(owner_url, statement)[0]) for name, statement in ids.items()}


# 320 is what a desk shows at four times the size; by night colours are others.
@pytest.mark.parametrize(("width", "colours"), [(390, "light"), (320, "dark"), (1280, "dark")])
def test_every_page_is_for_everybody_at_any_width_and_by_keyboard(
    width: int, colours: Literal["light", "dark"], browser: Browser, site: str, hotels: str
) -> None:
    inside = entered(browser, site, "owner@alpha.example", width)
    outside, guest = (
        browser.new_context(viewport={"width": width, "height": 844}).new_page() for _ in range(2)
    )
    guest.goto(f"{site}/q/{_CODE}")
    guest.click("main form button")
    guest.wait_for_url("**/guest/chat*")
    known, seen = _known(hotels), 0
    for page in (inside, outside, guest):
        page.emulate_media(color_scheme=colours)
    for route in sorted(page_routes() - _NO_PAGES):
        page = outside if route in _FOR_ALL | {_BY_LINK} else guest if route == _IN_A_ROOM else inside
        token = _LINK if route == _BY_LINK else _CODE
        answer = page.goto(site + route.format(token=token, **known))
        assert answer is not None
        assert (answer.status, answer.request.redirected_from) == (200, None), route
        judge(page, width, route)
        seen += walk(page, route)
    assert seen > len(page_routes())
