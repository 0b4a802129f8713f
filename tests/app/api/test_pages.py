import re
from html.parser import HTMLParser

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service

pytestmark = [pytest.mark.database, pytest.mark.anyio]


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.attributes += attrs


async def test_the_front_page_says_what_runs_and_how_it_is(
    client: httpx.AsyncClient, service: Service
) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in (service.identity.version, service.identity.git_sha, service.identity.instance_id):
        assert text in answer.text
    assert 'role="status">Ready<' in answer.text


async def test_the_front_page_is_one_for_people_and_tells_of_the_machine_at_its_foot(
    client: httpx.AsyncClient, service: Service
) -> None:
    front = (await client.get("/")).text
    people, foot = front.split("<footer>")
    assert '<a href="/guest">How guests get in</a>' in people
    for text in ("Signing keys", "Schema", service.identity.git_sha, service.identity.instance_id):
        assert text not in people
        assert text in foot
    assert "<details>" in foot


async def test_the_front_page_leads_staff_to_their_log_in(client: httpx.AsyncClient) -> None:
    front = (await client.get("/")).text
    assert '<a href="/login">Log-in for staff</a>' in front
    assert (await client.get("/login")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/login", "/staff", "/version", "/api/tickets"])
async def test_a_head_is_answered_as_a_get_without_its_body(path: str, client: httpx.AsyncClient) -> None:
    read, head = await client.get(path), await client.head(path)
    assert head.status_code == read.status_code != 405
    assert head.content == b""
    for name in ("Content-Type", "Location", "WWW-Authenticate", "Cache-Control"):
        assert head.headers.get(name) == read.headers.get(name)


async def test_it_does_not_claim_to_be_ready_when_it_is_not(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM schema_compat")
    answer = await client.get("/")
    assert 'role="status">Not ready<' in answer.text
    assert "older than this release" in answer.text
    assert "<details open>" in answer.text


async def test_it_is_accessible_and_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    outline = _Outline()
    outline.feed(answer.text)
    assert [tag for tag in outline.opened if tag in {"main", "h1"}] == ["main", "h1"]
    assert ("lang", "en") in outline.attributes
    assert ("name", "viewport") in outline.attributes
    links = [value or "" for name, value in outline.attributes if name in {"href", "src"}]
    assert links
    assert all(link.startswith("/") for link in links)
    for link in links:
        assert (await client.get(link)).status_code == 200
    assert "prefers-color-scheme: dark" in answer.text


async def test_its_own_style_is_the_only_one_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    (nonce,) = re.findall(r'<style nonce="([^"]+)">', answer.text)
    assert f"style-src 'self' 'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
    assert nonce not in (await client.get("/")).text
    assert "<script" not in answer.text
