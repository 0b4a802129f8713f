import asyncio
import json
from typing import Any

import httpx
import pytest

from hotelctl.app import logs
from hotelctl.app.api import application
from hotelctl.app.services.service import Service
from tests.app import callers, codes
from tests.app.people import HOTEL_A, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_FIELDS = {
    "ts",
    "level",
    "event",
    "msg",
    "request_id",
    "instance_id",
    "version",
    "hotel_id",
    "subject_kind",
    "route",
    "method",
    "status",
    "dur_ms",
    "db_ms",
    "db_n",
    "err_code",
}


def _access(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line["event"] == "access"]


async def test_every_answer_is_dressed(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/nowhere", "/api/protected"):
        headers = (await client.get(path)).headers
        assert len(headers["X-Request-Id"]) == 32
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["Cache-Control"] == "no-store"
        assert "Connection" not in headers


async def test_plain_http_is_not_told_to_use_https(service: Service) -> None:
    service.settings = service.settings.model_copy(update={"hotel_public_url": "http://localhost:8080"})
    transport = httpx.ASGITransport(application.build(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert "Strict-Transport-Security" not in (await client.get("/health")).headers


async def test_one_access_line_a_request(
    client: httpx.AsyncClient, service: Service, hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hotels
    logs.configure(service.identity)
    answer = await client.post(
        "/api/auth/login", json={"email": "manager@alpha.example", "password": PASSWORD}
    )
    await client.get("/secret-in-the-path")
    login, missing = _access(capsys)
    assert set(login) == _FIELDS
    assert (login["route"], login["method"], login["status"]) == ("/api/auth/login", "POST", 200)
    assert (login["hotel_id"], login["subject_kind"]) == (answer.json()["user"]["hotel_id"], "user")
    assert login["request_id"] == answer.headers["X-Request-Id"]
    assert login["db_n"] >= 5
    assert 0 < login["db_ms"] <= login["dur_ms"]
    assert (missing["route"], missing["status"], missing["err_code"]) == ("unmatched", 404, "not_found")
    text = json.dumps([login, missing])
    assert "secret-in-the-path" not in text
    assert PASSWORD not in text
    assert "manager@" not in text


async def test_who_comes_in_is_known_by_hotel_before_there_is_a_session(
    client: httpx.AsyncClient, service: Service, hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hotels
    token = codes.token_of(await codes.make(client, await callers.page(service)))
    logs.configure(service.identity)
    capsys.readouterr()
    here = {"Sec-Fetch-Site": "same-origin"}
    form = {"email": "staff@alpha.example", "password": "wrong"}
    await client.post("/login", data=form, headers=here)
    tokens = await client.post("/api/auth/login", json={**form, "password": PASSWORD})
    await client.post("/login", data={**form, "password": PASSWORD}, headers=here)
    client.cookies.clear()
    await client.get(f"/q/{token}")
    await client.post("/api/qr/validate", json={"token": token})
    await client.post("/api/auth/logout", json={"refresh_token": tokens.json()["refresh_token"]})
    await client.post("/api/auth/login", json={**form, "email": "nobody@alpha.example"})
    found = [(line["route"], line["hotel_id"], line["subject_kind"]) for line in _access(capsys)]
    own = str(HOTEL_A)
    assert found == [
        ("/login", own, None),
        ("/api/auth/login", own, "user"),
        ("/login", own, "user"),
        ("/q/{token}", own, None),
        ("/api/qr/validate", own, "guest"),
        ("/api/auth/logout", own, None),
        ("/api/auth/login", None, None),
    ]


async def test_a_token_in_an_address_is_not_in_the_log(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(service.identity)
    app = application.build(service)

    @app.get("/q/{token}")
    async def show(token: str) -> str:
        return token

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.get("/q/t0k3n", params={"also": "s3cr3t"})
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    out = capsys.readouterr().out
    assert json.loads(out.splitlines()[-1])["route"] == "/q/{token}"
    assert "t0k3n" not in out
    assert "s3cr3t" not in out


async def test_work_is_counted_and_probes_are_not(service: Service) -> None:
    app = application.build(service)
    counts: list[int] = []
    all_there, go_on = asyncio.Event(), asyncio.Event()

    @app.get("/slow")
    async def slow() -> None:
        counts.append(service.inflight)
        if len(counts) == 3:
            all_there.set()
        await go_on.wait()

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        working = asyncio.gather(*(client.get("/slow") for _ in range(3)))
        await all_there.wait()
        assert (await client.get("/readyz")).json()["inflight"] == 3
        go_on.set()
        await working
        assert (await client.get("/readyz")).json()["inflight"] == 0
    assert counts == [1, 2, 3]


async def test_a_bug_is_a_500_problem_with_a_note_in_the_log(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(service.identity)
    app = application.build(service)

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("s3cr3t")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.get("/bug")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    out = capsys.readouterr().out
    assert "s3cr3t" not in answer.text + out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("request_failed", answer.json()["request_id"]),
        ("access", answer.json()["request_id"]),
    ]
    assert lines[0]["exception"]["type"] == "RuntimeError"
    assert lines[1]["err_code"] == "internal"
