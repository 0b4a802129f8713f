"""Headers of callers: a user with an access token, a user of the pages, a guest."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy import select

from hotelctl.app.api.cookies import cookie_name
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.passes import Device, open_guest, open_web
from hotelctl.app.services.service import Service
from hotelctl.app.services.tokens import hash_of
from hotelctl.app.store.tables import QrToken, User
from tests.app.people import HOTEL_A, PASSWORD

Headers = dict[str, str]


async def bearer(client: httpx.AsyncClient, email: str = "manager@alpha.example") -> Headers:
    """The user's, logged in now."""
    answer = await client.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def page(service: Service, email: str = "manager@alpha.example", hotel_id: UUID = HOTEL_A) -> Headers:
    """The user's browser on a page of this site."""
    async with service.db.transaction(hotel_id) as session:
        user = (await session.scalars(select(User).where(User.email == email))).one()
        opened = open_web(session, user, Device("203.0.113.9", "test"))
    return {"Cookie": f"{cookie_name(service.settings)}={opened.token}", "Sec-Fetch-Site": "same-origin"}


async def guest(service: Service, room_label: str | None = "204", hotel_id: UUID = HOTEL_A) -> Headers:
    """A guest's, who came in with a code."""
    now = datetime.now(UTC)
    async with service.db.transaction(hotel_id) as session:
        code = QrToken(
            id=uuid7(),
            hotel_id=hotel_id,
            purpose="guest_access",
            token_hash=hash_of(str(uuid7())),
            prefix="abcdef",
            room_label=room_label,
            expires_at=now + timedelta(hours=1),
        )
        session.add(code)
        await session.flush()
        opened = open_guest(
            session,
            hotel_id=hotel_id,
            qr_token_id=code.id,
            room_label=room_label,
            stay_ends_at=now + timedelta(days=2),
            device=Device("203.0.113.9", "test"),
        )
    return {"Authorization": f"Bearer {opened.token}"}
