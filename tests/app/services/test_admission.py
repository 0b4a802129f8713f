import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.domain.failures import HotelSuspended, Unauthenticated
from hotelctl.app.logs import RequestRecord, current_request
from hotelctl.app.services import admission
from hotelctl.app.services.service import Service
from hotelctl.app.store import standing
from tests.app import callers
from tests.app.people import HOTEL_A, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


def _token(headers: callers.Headers) -> str:
    return headers.get("Authorization", headers.get("Cookie", "")).split("=")[-1].removeprefix("Bearer ")


def _change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute(statement.encode()).rowcount


async def test_what_was_found_is_believed_for_five_seconds(
    client: httpx.AsyncClient, service: Service, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(await callers.bearer(client))
    await service.admission.admit(token)
    record = RequestRecord("r", "192.0.2.1")
    context = current_request.set(record)
    assert (await service.admission.admit(token)).role == "manager"
    assert record.db_n == 0
    await service.admission.admit(token, afresh=True)
    assert record.db_n > 0
    current_request.reset(context)
    _change(owner_url, "UPDATE users SET auth_version = auth_version + 1, role = 'staff'")
    assert (await service.admission.admit(token)).role == "manager"
    later = time.monotonic() + 5.1
    monkeypatch.setattr("hotelctl.app.services.admission.time.monotonic", lambda: later)
    with pytest.raises(Unauthenticated):
        await service.admission.admit(token)


async def test_asked_afresh_the_database_is_believed(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    token = _token(await callers.bearer(client))
    await service.admission.admit(token)
    _change(owner_url, "UPDATE users SET suspended_at = now()")
    with pytest.raises(Unauthenticated):
        await service.admission.admit(token, afresh=True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET suspended_at = now()",
        "UPDATE users SET deleted_at = now()",
        "UPDATE hotels SET deleted_at = now()",
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE sessions SET expires_at = now()",
    ],
)
async def test_a_change_holds_at_once_where_it_is_told(
    change: str, client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    tokens = [_token(await callers.bearer(client)), _token(await callers.page(service))]
    who = [await service.admission.admit(token) for token in tokens]
    _change(owner_url, change)
    service.admission.forget(who[0].subject_id)
    for token in tokens:
        with pytest.raises(Unauthenticated):
            await service.admission.admit(token)


async def test_who_is_inside_a_hotel_that_is_suspended_is_told_so(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    headers = await callers.bearer(client), await callers.page(service), await callers.guest(service)
    _change(owner_url, "UPDATE hotels SET suspended_at = now()")
    for token in map(_token, headers):
        with pytest.raises(HotelSuspended):
            await service.admission.admit(token)


async def test_who_is_looked_up_while_a_change_is_told_is_not_believed_afterwards(
    client: httpx.AsyncClient, service: Service, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(await callers.bearer(client))
    look_up = standing.by_family

    async def slowly(*what: Any) -> Any:  # noqa: ANN401 - handed on
        found = await look_up(*what)
        assert found is not None
        _change(owner_url, "UPDATE users SET suspended_at = now()")
        service.admission.forget(found.id)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(standing, "by_family", slowly)
        await service.admission.admit(token)
    with pytest.raises(Unauthenticated):
        await service.admission.admit(token)


async def test_a_new_role_holds_for_pages_and_ends_access_tokens(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    tokens = [_token(headers) for headers in (await callers.page(service), await callers.bearer(client))]
    who = [await service.admission.admit(token) for token in tokens]
    _change(owner_url, "UPDATE users SET role = 'staff', auth_version = auth_version + 1")
    service.admission.forget(who[0].subject_id)
    assert (await service.admission.admit(tokens[0])).role == "staff"
    with pytest.raises(Unauthenticated):
        await service.admission.admit(tokens[1])


async def test_a_log_out_is_told(client: httpx.AsyncClient) -> None:
    body = {"email": "manager@alpha.example", "password": PASSWORD}
    tokens = (await client.post("/api/auth/login", json=body)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.get("/api/protected", headers=headers)).status_code == 200
    await client.post("/api/auth/logout", json={"refresh_token": tokens["refresh_token"]})
    assert (await client.get("/api/protected", headers=headers)).status_code == 401


async def test_a_guest_who_comes_back_stays_in_until_the_stay_ends(service: Service, owner_url: str) -> None:
    token = _token(await callers.guest(service))
    _change(
        owner_url,
        "UPDATE sessions SET last_seen_at = now() - interval '10 minutes',"
        " expires_at = now() + interval '1 hour'",
    )
    renewed = (await service.admission.admit(token)).expires_at
    assert timedelta(hours=23) < renewed - datetime.now(UTC) <= timedelta(hours=24)
    _change(
        owner_url,
        "UPDATE sessions SET last_seen_at = now() - interval '10 minutes',"
        " absolute_expires_at = now() + interval '2 hours'",
    )
    renewed = (await service.admission.admit(token, afresh=True)).expires_at
    assert timedelta(hours=1) < renewed - datetime.now(UTC) <= timedelta(hours=2)


async def test_a_found_guest_is_not_believed_past_the_end(service: Service) -> None:
    token = _token(await callers.guest(service))
    who = await service.admission.admit(token)
    ended = admission._Found(replace(who, expires_at=datetime.now(UTC) - timedelta(seconds=1)), float("inf"))
    service.admission._found[token] = ended
    assert (await service.admission.admit(token)).expires_at > datetime.now(UTC)


async def test_memory_has_an_end(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_MOST", 2)
    for _ in range(5):
        await service.admission.admit(_token(await callers.guest(service, hotel_id=HOTEL_A)))
    assert len(service.admission._found) <= 2
