import httpx
import pytest
from fastapi import FastAPI

from hotelctl.app.api.paging import PageDep, PageOut

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.fixture
def listing(app: FastAPI) -> None:
    async def answer(page: PageDep) -> PageOut[str]:
        return PageOut(items=[str(page.limit), str(page.cursor)], next_cursor=None)

    app.add_api_route("/try/list", answer)


@pytest.mark.usefixtures("listing")
@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["20", "None"]), ("?limit=100&cursor=abc", ["100", "abc"]), ("?limit=1", ["1", "None"])],
)
async def test_a_list_takes_a_limit_and_a_cursor(
    query: str, expected: list[str], client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"/try/list{query}")
    assert answer.json() == {"items": expected, "next_cursor": None}


@pytest.mark.usefixtures("listing")
@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=" + "x" * 401])
async def test_other_values_are_refused(query: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/try/list?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
