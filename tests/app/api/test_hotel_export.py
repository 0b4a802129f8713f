import asyncio
import io
import json
import threading
import zipfile
from typing import IO, Any

import httpx
import psycopg
import pytest

from hotelctl.app.domain.permissions import Role
from hotelctl.app.services import hotel_export
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.forms import OWN, come_in, submit
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.rows import fill
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/api/export"


@pytest.fixture
async def admin(hotels: str, service: Service) -> Headers:
    """Both hotels have a row in each table."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", Role.ADMIN)
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        connection.execute("UPDATE outbox SET body = 'a s3cr3t link'")
    return await callers.page(service, "admin@alpha.example")


def _tables(content: bytes) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in packed.read(name).splitlines()]
            for name in packed.namelist()
        }


async def test_an_export_has_each_row_of_the_own_hotel_and_no_secret(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    answer = await client.post(_HERE, headers=admin)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="export-20')
    found = _tables(answer.content)
    assert {"hotels", "users", "tickets", "messages", "audit_events", "outbox"} <= found.keys()
    with psycopg.connect(owner_url) as connection:
        for table, rows in found.items():
            key = "id" if table == "hotels" else "hotel_id"
            statement = f"SELECT count(*) FROM {table} WHERE {key} = %s".encode()  # noqa: S608 - from the catalogue
            counted = connection.execute(statement, (HOTEL_A,)).fetchone()
            # The note that it was taken comes after what is in it.
            assert counted == (len(rows) + (table == "audit_events"),), table
            assert {row[key] for row in rows} == {str(HOTEL_A)}, table
    assert not {name for rows in found.values() for row in rows for name in row if name.endswith("_hash")}
    assert "s3cr3t" not in json.dumps(found)
    told = one(owner_url, "SELECT actor_kind, after FROM audit_events WHERE action = 'hotel.export'")
    assert told == ("user", {"rows": sum(map(len, found.values()))})


async def test_others_are_answered_while_an_export_is_packed(
    client: httpx.AsyncClient, admin: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing, may_go_on, put = asyncio.Event(), threading.Event(), hotel_export._put
    loop = asyncio.get_running_loop()

    def held(out: IO[bytes], lines: list[str]) -> None:
        loop.call_soon_threadsafe(packing.set)
        assert may_go_on.wait(20)
        put(out, lines)

    monkeypatch.setattr(hotel_export, "_put", held)
    export = asyncio.create_task(client.post(_HERE, headers=admin))
    await packing.wait()
    assert (await client.get("/api/tickets", headers=admin)).status_code == 200
    assert not export.done()
    may_go_on.set()
    assert _tables((await export).content)["tickets"]


async def test_managers_take_nothing_with_them(
    client: httpx.AsyncClient, admin: Headers, service: Service, owner_url: str
) -> None:
    assert admin
    manager = await callers.page(service)
    assert (await client.post(_HERE, headers=manager)).status_code == 403
    assert one(owner_url, "SELECT count(*) FROM audit_events WHERE action = 'hotel.export'") == (0,)


async def test_exports_are_limited_for_each_person(client: httpx.AsyncClient, admin: Headers) -> None:
    found = [(await client.post(_HERE, headers=admin)).status_code for _ in range(6)]
    assert found == [200] * 5 + [429]


async def test_the_page_of_settings_has_a_button_for_it(
    client: httpx.AsyncClient, hotels: str, owner_url: str
) -> None:
    await come_in(client, hotels, "admin")
    assert 'action="/admin/export"' in (await client.get("/admin/settings", headers=OWN)).text
    answer = await submit(client, "/admin/settings", "/admin/export")
    assert {user["hotel_id"] for user in _tables(answer.content)["users"]} == {str(HOTEL_A)}
    assert (await client.post("/admin/export", headers=OWN)).status_code == 403
    assert one(owner_url, "SELECT count(*) FROM audit_events WHERE action = 'hotel.export'") == (1,)
