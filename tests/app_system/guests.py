"""A guest at the service's pages: the code of the room, and what is said."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from hotelctl.app.services.tokens import hash_of
from tests.app.work import add

_TOKEN = "a-token-that-nobody-guesses-0123456789"


def code_for_room(owner_url: str, room_label: str = "204") -> str:
    """The token of a code for the room that lets two in."""
    code = {"purpose": "guest_access", "prefix": _TOKEN[:6], "room_label": room_label, "max_uses": 2}
    expires_at = datetime.now(UTC) + timedelta(hours=1)
    add(owner_url, "guest_staff_qr_tokens", token_hash=hash_of(_TOKEN), expires_at=expires_at, **code)
    return _TOKEN


def tell(page: Page, words: str) -> None:
    """It is typed and sent."""
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()
