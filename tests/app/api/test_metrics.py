from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hotelctl.app.api import application
from hotelctl.app.services.service import Service
from tests.app import callers, codes
from tests.app.people import PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_OPS = {"Authorization": "Bearer " + "o" * 32}


def _sample(text: str, figure: str, /, **labels: str) -> float | None:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == figure and labels.items() <= sample.labels.items():
                return sample.value
    return None


async def _ask_from(service: Service, peer: str, host: str = "localhost", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(application.build(service), client=(peer, 5000))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}:8000") as client:
        return await client.get("/metrics", headers=named)


async def test_the_ops_token_opens_them(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics", headers=_OPS)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert _sample(answer.text, "hotel_ready") == 1
    assert _sample(answer.text, "hotel_inflight_requests") == 1
    assert _sample(answer.text, "hotel_db_pool_size") == 10


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer " + "p" * 32}])
async def test_strangers_see_nothing(headers: dict[str, str], client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert "hotel_" not in answer.text


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
async def test_this_machine_needs_no_token(peer: str, service: Service) -> None:
    assert (await _ask_from(service, peer)).status_code == 200


async def test_what_comes_through_a_proxy_is_not_this_machine(service: Service) -> None:
    answers = [
        await _ask_from(service, "127.0.0.1", x_forwarded_for="203.0.113.5"),
        await _ask_from(service, "127.0.0.1", x_forwarded_for="127.0.0.1"),
        await _ask_from(service, "127.0.0.1", forwarded="for=127.0.0.1"),
        await _ask_from(service, "127.0.0.1", via="1.1 proxy"),
        await _ask_from(service, "127.0.0.1", host="hotel.example"),
        await _ask_from(service, "203.0.113.5"),
    ]
    assert [answer.status_code for answer in answers] == [401] * len(answers)


async def test_requests_are_counted_by_template_and_log_ins_by_result(
    client: httpx.AsyncClient, hotels: str
) -> None:
    assert hotels
    for password in (PASSWORD, "wrong"):
        await client.post("/api/auth/login", json={"email": "staff@alpha.example", "password": password})
    await client.get("/s3cr3t-in-the-path")
    text = (await client.get("/metrics", headers=_OPS)).text
    route = "/api/auth/login"
    for status in ("200", "401"):
        named = {"route": route, "method": "POST", "status": status, "synthetic": "0"}
        assert _sample(text, "hotel_http_requests_total", **named) == 1
    assert _sample(text, "hotel_http_duration_seconds_count", route=route, method="POST") == 2
    assert _sample(text, "hotel_http_requests_total", route="unmatched", status="404") == 1
    assert _sample(text, "hotel_login_total", result="ok") == 1
    assert _sample(text, "hotel_login_total", result="refused") == 1
    # Both limits of a log-in are counted in one message.
    assert _sample(text, "hotel_db_query_seconds_count", name="insert rate_limits") == 2
    assert "s3cr3t" not in text


async def test_a_limit_that_was_hit_is_counted(client: httpx.AsyncClient) -> None:
    for _ in range(6):
        await client.post("/api/auth/login", json={"email": "nobody@x.example", "password": "x"})
    text = (await client.get("/metrics", headers=_OPS)).text
    assert _sample(text, "hotel_ratelimited_total", bucket="login_ip") == 1
    assert _sample(text, "hotel_login_total", result="limited") == 1


async def _log_in_on_the_page(client: httpx.AsyncClient, password: str) -> None:
    form = {"email": "staff@alpha.example", "password": password}
    await client.post("/login", data=form, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.usefixtures("hotels")
async def test_log_ins_on_the_page_and_with_a_staff_code_count_as_those_of_the_api(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    await _log_in_on_the_page(client, PASSWORD)
    await _log_in_on_the_page(client, "wrong")
    manager = await callers.page(service)
    user_id = str(codes.execute(owner_url, "SELECT id FROM users WHERE email = 'staff@alpha.example'")[0][0])
    wish = {"purpose": "staff_access", "user_id": user_id}
    made = (await client.post("/api/qr/generate", json=wish, headers=manager)).json()
    shown = await client.post("/api/qr/validate", json={"token": codes.token_of(made)})
    for password in ("wrong", PASSWORD):
        body = {"challenge_id": shown.json()["challenge_id"], "password": password}
        await client.post("/api/auth/staff-qr", json=body)
    text = (await client.get("/metrics", headers=_OPS)).text
    assert _sample(text, "hotel_login_total", result="ok") == 2
    assert _sample(text, "hotel_login_total", result="refused") == 2
    assert _sample(text, "hotel_qr_claims_total", result="challenged") == 1
    assert _sample(text, "hotel_qr_claims_total", result="refused") == 1
    assert _sample(text, "hotel_qr_claims_total", result="ok") == 1


@pytest.mark.usefixtures("hotels")
async def test_codes_that_were_shown_are_counted_by_what_became_of_it(
    client: httpx.AsyncClient, service: Service
) -> None:
    made = await codes.make(client, await callers.page(service))
    for _ in range(2):
        await client.post("/api/qr/scan", json={"token": codes.token_of(made)})
    await client.post("/api/qr/validate", json={"token": "nobody-issued-this"})
    text = (await client.get("/metrics", headers=_OPS)).text
    assert _sample(text, "hotel_qr_claims_total", result="ok") == 1
    assert _sample(text, "hotel_qr_claims_total", result="refused") == 2


@pytest.mark.usefixtures("hotels")
async def test_answers_of_the_assistant_and_runs_by_hand_are_counted(
    client: httpx.AsyncClient, service: Service
) -> None:
    guest, manager = await callers.guest(service), await callers.page(service)
    opened = await client.post("/api/conversations", json={}, headers=guest)
    said = {"content": "When does the pool open?", "client_msg_id": str(uuid4())}
    for _ in range(2):
        await client.post(f"/api/conversations/{opened.json()['id']}/messages", json=said, headers=guest)
    await client.post("/api/ai/models/night-audit/run", json={}, headers=manager)
    text = (await client.get("/metrics", headers=_OPS)).text
    assert _sample(text, "hotel_ai_calls_total", model_key="guest-messaging", provider="local") == 1
    ran = {"model_key": "night-audit", "provider": "local", "status": "success"}
    assert _sample(text, "hotel_ai_calls_total", **ran) == 1
    assert _sample(text, "hotel_ai_latency_seconds_count") == 2
    assert _sample(text, "hotel_ai_tokens_total") is None


async def test_not_ready_is_0(client: httpx.AsyncClient, service: Service) -> None:
    service.drain()
    assert _sample((await client.get("/metrics", headers=_OPS)).text, "hotel_ready") == 0
