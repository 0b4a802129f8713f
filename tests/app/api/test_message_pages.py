"""A conversation's messages, read page by page."""

import httpx
import pytest

from tests.app.callers import Headers
from tests.app.talk import tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("limit=4", [[3, 4, 5, 6], [1, 2]]),
        ("limit=3", [[4, 5, 6], [1, 2, 3]]),
        ("limit=2&after=1", [[2, 3], [4, 5], [6]]),
        ("", [[1, 2, 3, 4, 5, 6]]),
        ("after=6", [[]]),
    ],
)
async def test_a_history_is_read_page_by_page(
    query: str, pages: list[list[int]], client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    for text in ("hello", "good morning", "hi"):
        await tell(client, thread, guest, text)
    found: list[list[int]] = []
    more: str | None = ""
    while more is not None and len(found) < 9:
        page = (await client.get(f"{thread}/messages?{query}{more}", headers=guest)).json()
        found.append([item["seq"] for item in page["items"]])
        more = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert found == pages


@pytest.mark.parametrize(("one", "other"), [("", "&after=1"), ("&after=1", "")])
async def test_a_cursor_of_one_order_is_none_of_the_other(
    one: str, other: str, client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    for text in ("hello", "good morning"):
        await tell(client, thread, guest, text)
    cursor = (await client.get(f"{thread}/messages?limit=1{one}", headers=guest)).json()["next_cursor"]
    answer = await client.get(f"{thread}/messages?cursor={cursor}{other}", headers=guest)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=x", "after=-1"])
async def test_a_history_has_no_page_of_a_wrong_question(
    query: str, client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    answer = await client.get(f"{thread}/messages?{query}", headers=guest)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
