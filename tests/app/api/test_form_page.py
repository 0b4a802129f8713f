"""What each page with a form relies on, seen at one of them."""

import httpx
import pytest

from tests.app.forms import OWN, come_in, submit

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/staff/tickets/new"


async def test_what_was_typed_stays_as_text_beside_what_is_wrong(
    client: httpx.AsyncClient, hotels: str
) -> None:
    await come_in(client, hotels, "staff")
    empty = await client.get(_HERE, headers=OWN)
    assert (empty.status_code, "aria-invalid" in empty.text) == (200, False)
    answer = await submit(client, _HERE, _HERE, {"title": '"><b>', "description": "x" * 5001})
    assert answer.status_code == 422
    assert 'value="&#34;&gt;&lt;b&gt;"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
