import httpx
import psycopg
import pytest

from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_SCAN, _VALIDATE = "/api/qr/scan", "/api/qr/validate"


async def test_a_code_that_looking_uses_up_is_seen(verdict: Verdict, lying: Lying, owner_url: str) -> None:
    def use_up(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path.startswith("/q/"):
            with psycopg.connect(owner_url) as connection:
                connection.execute("UPDATE guest_staff_qr_tokens SET use_count = max_uses, used_at = now()")
        return response

    lying.lies.append(use_up)
    assert "use_count is 1, must be 0" in await verdict("P3")


async def test_a_code_that_lets_in_twice_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _VALIDATE, 200)
    assert f"FAIL POST {_VALIDATE}: answered 200, must be 401" in await verdict("P3")


async def test_a_withdrawn_code_that_lets_in_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _VALIDATE, 200, after=3)
    assert f"FAIL POST {_VALIDATE}: answered 200, must be 401" in await verdict("P3")


async def test_a_scan_without_its_workflow_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_SCAN, workflow={"id": "01890000-0000-7000-8000-0000000000ff", "status": "success"})
    assert "the workflow's row is None in the database" in await verdict("P3")


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("citations", [], "the answer does not cite the hotel's entry"),
        ("content", "I do not know.", "the answer does not say what the entry says"),
        ("provider", "openai", "reply.provider is 'openai', must be 'local'"),
    ],
)
async def test_an_answer_that_is_not_the_hotels_is_seen(
    verdict: Verdict, lying: Lying, member: str, value: object, why: str
) -> None:
    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not request.url.path.endswith("/messages"):
            return response
        body = response.json()
        return httpx.Response(201, json={**body, "reply": body["reply"] | {member: value}})

    lying.lies.append(change)
    assert why in await verdict("P3")


async def test_towels_that_nobody_brings_are_seen(verdict: Verdict, lying: Lying, owner_url: str) -> None:
    def lose(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if "/actions/" in request.url.path:
            with psycopg.connect(owner_url) as connection:
                connection.execute("DELETE FROM work_orders")
        return response

    lying.lies.append(lose)
    assert "the room of the work order is None in the database, must be '204'" in await verdict("P3")
