"""A browser's part: cookies, where a request comes from, and the token that stands in a page's forms."""

import re

import httpx

from tests.app.people import PASSWORD

OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def token_of(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, "the page has no form of a session"
    return found[1]


async def enter(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    """The answer to a log-in in the browser; the client keeps the cookie."""
    return await client.post("/login", data={"email": email, "password": password}, headers=OWN)


async def submit(
    client: httpx.AsyncClient, page: str, address: str, fields: dict[str, str] | None = None
) -> httpx.Response:
    """The answer to a form of `page` that goes to `address`."""
    shown = await client.get(page, headers=OWN)
    assert shown.status_code == 200, shown.headers
    return await client.post(address, data={"csrf": token_of(shown.text), **(fields or {})}, headers=OWN)
