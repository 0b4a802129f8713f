"""A browser's part: cookies, where a request comes from, and the token that stands in a page's forms."""

import re
from html import unescape

import httpx
import psycopg

from tests.app.people import HOTEL_A, PASSWORD, add_user

OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def token_of(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, "the page has no form of a session"
    return found[1]


def filled_in(html: str, address: str) -> dict[str, str]:
    """What a browser would send of the form that goes to `address`, as the page fills it."""
    form = re.search(rf'<form[^>]* action="{re.escape(address)}"[^>]*>(.*?)</form>', html, re.DOTALL)
    assert form, f"the page has no form for {address}"
    found = dict(re.findall(r'<input [^>]*?name="(\w+)"(?: [^>]*?)? value="([^"]*)"', form[1]))
    found |= dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form[1], re.DOTALL))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form[1], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


async def enter(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    """The answer to a log-in in the browser; the client keeps the cookie."""
    return await client.post("/login", data={"email": email, "password": password}, headers=OWN)


async def come_in(client: httpx.AsyncClient, owner_url: str, role: str) -> None:
    """The client is the browser of a new user of the first hotel, called `me@alpha.example`."""
    with psycopg.connect(owner_url) as connection:
        add_user(connection, HOTEL_A, "me@alpha.example", role)
    # Over https, so that a secure cookie comes back.
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "me@alpha.example")


async def submit(
    client: httpx.AsyncClient, page: str, address: str, fields: dict[str, str] | None = None
) -> httpx.Response:
    """The answer to a form of `page` that goes to `address`."""
    shown = await client.get(page, headers=OWN)
    assert shown.status_code == 200, shown.headers
    return await client.post(address, data={"csrf": token_of(shown.text), **(fields or {})}, headers=OWN)
