import httpx
import pytest

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_without_the_signing_secret_nothing_is_taken(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/api/webhooks/stripe", json={"id": "evt_1"}, headers={"Stripe-Signature": "t=1,v1=x"}
    )
    assert (answer.status_code, answer.json()["code"]) == (501, "feature_not_configured")
