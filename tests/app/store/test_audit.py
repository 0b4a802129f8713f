from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.logs import RequestRecord, current_request
from hotelctl.app.services.service import Service
from hotelctl.app.store.audit import Change, Thing, note, note_system
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_WHO = Principal(
    kind=SubjectKind.USER,
    hotel_id=HOTEL_A,
    user_id=uuid7(),
    session_id=uuid7(),
    role=Role.MANAGER,
    department=Department.GENERAL,
    room_label=None,
    expires_at=datetime.now(UTC),
)
_THING = Thing("ticket", uuid7())


async def test_what_was_done_is_told_with_its_request(service: Service, owner_url: str) -> None:
    token = current_request.set(RequestRecord("request-1", "203.0.113.9"))
    async with service.db.transaction(HOTEL_A) as session:
        await note(session, _WHO, "ticket.close", _THING, Change({"status": "OPEN"}, {"status": "CLOSED"}))
        await note(session, _WHO, "ticket.create", _THING, by_assistant=True)
    current_request.reset(token)
    async with service.db.transaction(HOTEL_A) as session:
        await note_system(
            session, HOTEL_A, "retention.run", Thing("hotel", HOTEL_A), Change(after={"rows": 3})
        )
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT actor_kind, actor_id, action, object_kind, object_id, before, after, request_id"
            " FROM audit_events ORDER BY id"
        ).fetchall()
    changed = ({"status": "OPEN"}, {"status": "CLOSED"})
    assert rows == [
        ("user", _WHO.user_id, "ticket.close", "ticket", _THING.id, *changed, "request-1"),
        ("assistant", _WHO.user_id, "ticket.create", "ticket", _THING.id, None, None, "request-1"),
        ("system", None, "retention.run", "hotel", HOTEL_A, None, {"rows": 3}, None),
    ]


@pytest.mark.parametrize("name", ["password", "new_password_hash", "Token", "client_secret"])
async def test_a_secret_does_not_get_into_the_trail(name: str, service: Service) -> None:
    async with service.db.transaction(HOTEL_A) as session:
        with pytest.raises(ValueError, match=r"user\.update"):
            await note(session, _WHO, "user.update", _THING, Change(after={name: "x"}))


async def test_what_cannot_be_noted_is_not_done(service: Service, owner_url: str) -> None:
    async def act() -> None:
        async with service.db.transaction(HOTEL_A) as session:
            await note(session, _WHO, "ticket.close", _THING)
            await note(session, _WHO, "No Action", _THING)

    with pytest.raises(IntegrityError, match="audit_events_action_form"):
        await act()
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM audit_events").fetchone() == (0,)
