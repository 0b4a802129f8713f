from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.passes import Device, Pass, open_guest
from hotelctl.app.services.service import Service
from hotelctl.app.services.tokens import hash_of
from tests.app import callers
from tests.app.people import HOTEL_A
from tests.app.rows import insert, make_row, tenant_tables

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.fixture
def code_id(hotels: str) -> UUID:
    (table,) = (table for table in tenant_tables() if table.name == "guest_staff_qr_tokens")
    row = make_row(table, HOTEL_A, {})
    with psycopg.connect(hotels) as connection:
        insert(connection, table.name, row)
    found: UUID = row["id"]
    return found


async def _open(service: Service, code_id: UUID, stay_ends_at: datetime | None, ua: str = "x") -> Pass:
    async with service.db.transaction(HOTEL_A) as session:
        return open_guest(
            session,
            hotel_id=HOTEL_A,
            qr_token_id=code_id,
            room_label="204",
            stay_ends_at=stay_ends_at,
            device=Device("203.0.113.9", ua),
        )


async def test_only_the_hash_is_kept(service: Service, code_id: UUID, owner_url: str) -> None:
    given = await _open(service, code_id, None, ua="b" * 500)
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "SELECT token_hash, subject_kind, kind, room_label, host(ip), length(ua), s::text FROM sessions s"
        ).fetchone()
    assert row
    assert row[:6] == (hash_of(given.token), "guest", "guest", "204", "203.0.113.9", 400)
    assert given.token not in row[6]


@pytest.mark.parametrize(
    ("stay", "idle_h", "absolute_h"),
    [(None, 24, 24), (timedelta(hours=3), 3, 3), (timedelta(days=5), 24, 120)],
)
async def test_a_guest_stays_a_day_at_a_time_and_never_past_the_stay(
    stay: timedelta | None, idle_h: int, absolute_h: int, service: Service, code_id: UUID
) -> None:
    now = datetime.now(UTC)
    opened = (await _open(service, code_id, now + stay if stay else None)).session
    assert abs(opened.expires_at - now - timedelta(hours=idle_h)) < timedelta(seconds=60)
    assert abs(opened.absolute_expires_at - now - timedelta(hours=absolute_h)) < timedelta(seconds=60)


async def test_a_page_lasts_a_shift(service: Service, hotels: str) -> None:
    await callers.page(service)
    with psycopg.connect(hotels) as connection:
        row = connection.execute(
            "SELECT kind, expires_at - created_at, absolute_expires_at - created_at FROM sessions"
        ).fetchone()
    assert row
    assert row[0] == "web"
    assert abs(row[1] - timedelta(hours=8)) < timedelta(seconds=60)
    assert abs(row[2] - timedelta(hours=12)) < timedelta(seconds=60)


@pytest.mark.usefixtures("code_id")
async def test_no_pass_of_a_code_that_is_not_there(service: Service) -> None:
    with pytest.raises(IntegrityError, match="sessions_qr_token_fkey"):
        await _open(service, uuid7(), None)
