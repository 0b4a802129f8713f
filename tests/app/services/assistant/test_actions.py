"""What the assistant makes is what people make: the same clock, the same trail, the same history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.things import catalogue as things
from hotelctl.app.domain.assistant.wishes import EMERGENCY, HANDOFF, Wish
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.tickets import TicketSource
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderKind
from hotelctl.app.services import tickets, work_orders
from hotelctl.app.services.assistant.actions import Item, carry_out, propose
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.service import Service
from hotelctl.app.services.tickets import TicketDraft
from hotelctl.app.services.work_orders import WorkOrderDraft
from hotelctl.app.store.tables import Conversation
from tests.app import callers
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_TOWELS = things()["towels"]
_TICKET = "SELECT sla_minutes, due_at - created_at, priority, status, version, room_label FROM tickets"
_TRAIL = (
    "SELECT actor_kind, actor_id, action, object_kind, object_id, after FROM audit_events"
    " ORDER BY created_at, id"
)
_HISTORY = (
    "SELECT source, actor_id, previous, new, changed FROM pms_work_order_history ORDER BY created_at, id"
)


def _rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


@pytest.fixture
async def guest(hotels: str, service: Service) -> Principal:
    await callers.guest(service)
    ((session_id,),) = _rows(hotels, "SELECT id FROM sessions")
    return Principal(
        kind=SubjectKind.GUEST,
        hotel_id=HOTEL_A,
        user_id=None,
        session_id=session_id,
        role=Role.GUEST,
        department=Department.GENERAL,
        room_label="204",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


class Desk:
    """The assistant's hands in one transaction."""

    def __init__(self, session: AsyncSession, guest: Principal, conversation: Conversation) -> None:
        self.session = session
        self.guest = guest
        self.conversation = conversation

    async def do(self, wish: Wish, details: str) -> Item:
        """What became of the wish, which was agreed to."""
        asker = Asker.of(self.guest)
        return await carry_out(self.session, propose(wish, details), asker, self.conversation)


@pytest.fixture
async def desk(service: Service, guest: Principal) -> AsyncIterator[Desk]:
    async with service.db.transaction(HOTEL_A) as session:
        conversation = Conversation(
            id=uuid7(), hotel_id=HOTEL_A, session_id=guest.session_id, channel="guest_web", guest_name="Ada"
        )
        session.add(conversation)
        await session.flush()
        yield Desk(session, guest, conversation)


async def test_a_ticket_has_the_clock_and_the_trail_of_one_that_the_guest_opens(
    desk: Desk, guest: Principal, hotels: str
) -> None:
    item = await desk.do(HANDOFF, "A casino?")
    own = TicketDraft("A casino?", source=TicketSource.GUEST_WIDGET)
    await tickets.open_ticket(desk.session, guest, own)
    await desk.session.commit()
    by_assistant, by_guest = _rows(hotels, f"{_TICKET} ORDER BY number")
    assert by_assistant == by_guest == (480, timedelta(minutes=480), "MEDIUM", "OPEN", 1, "204")
    made, opened = _rows(hotels, _TRAIL)
    assert made[:3] == ("assistant", guest.session_id, "ticket.create")
    assert (str(made[4]), made[5]["sla_minutes"]) == (item["target_id"], 480)
    assert (made[2:4], made[5]) == (opened[2:4], {**opened[5], "category": HANDOFF.category})


async def test_said_again_it_stands_on_the_open_ticket_and_in_the_trail(desk: Desk, hotels: str) -> None:
    first, again = await desk.do(EMERGENCY, "Fire!"), await desk.do(EMERGENCY, "Still fire!")
    await desk.session.commit()
    assert (first["status"], again["status"]) == ("done", "attached")
    assert first["target_id"] == again["target_id"]
    assert _rows(hotels, _TICKET) == [(30, timedelta(minutes=30), "URGENT", "OPEN", 1, "204")]
    assert _rows(hotels, "SELECT body, visibility, author_kind FROM ticket_comments") == [
        ("Still fire!", "PUBLIC", "guest")
    ]
    assert [row[:3:2] for row in _rows(hotels, _TRAIL)] == [
        ("assistant", "ticket.create"),
        ("assistant", "ticket.comment"),
    ]


async def test_two_questions_to_reception_are_two_tickets(desk: Desk, hotels: str) -> None:
    items = [await desk.do(HANDOFF, question) for question in ("A casino?", "A zoo?")]
    await desk.session.commit()
    assert [item["number"] for item in items] == [1, 2]
    assert _rows(hotels, "SELECT description FROM tickets ORDER BY number") == [("A casino?",), ("A zoo?",)]


async def test_a_work_order_has_the_history_and_the_trail_of_one_that_people_open(
    desk: Desk, guest: Principal, hotels: str
) -> None:
    await desk.do(replace(_TOWELS, title="Towels (2)"), "2 towels please")
    draft = WorkOrderDraft(WorkOrderKind.HOUSEKEEPING, "Towels (3)", "3 towels", "other", "204")
    await work_orders.open_order(desk.session, guest, draft, ChangeSource.API)
    await desk.session.commit()
    made, opened = _rows(hotels, _HISTORY)
    assert made[:3] == ("assistant", guest.session_id, None)
    assert made[3].keys() == opened[3].keys()
    assert (made[3]["title"], made[3]["priority"], made[4]) == ("Towels (2)", "MEDIUM", opened[4])
    by_assistant, by_people = _rows(hotels, _TRAIL)
    assert (by_assistant[0], by_people[0]) == ("assistant", "guest")
    assert (by_assistant[2:4], by_assistant[5]) == (by_people[2:4], by_people[5])


async def test_a_third_towel_is_a_change_of_the_open_order(desk: Desk, hotels: str) -> None:
    first = await desk.do(replace(_TOWELS, title="Towels (2)"), "2 towels please")
    again = await desk.do(_TOWELS, "and one more")
    await desk.session.commit()
    assert (again["status"], again["target_id"]) == ("attached", first["id"])
    told = {"old": "2 towels please", "new": "2 towels please\nand one more"}
    assert [row[4] for row in _rows(hotels, _HISTORY)] == [{}, {"details": told}]
    assert [row[2] for row in _rows(hotels, _TRAIL)] == ["workorder.create", "workorder.update"]


async def test_nothing_is_made_for_nobody(desk: Desk, guest: Principal) -> None:
    nobody = replace(Asker.of(guest), who=None)
    with pytest.raises(Forbidden):
        await carry_out(desk.session, propose(_TOWELS, "towels"), nobody, desk.conversation)
