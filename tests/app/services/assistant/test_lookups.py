"""What the assistant reads for people: in their language, and only what the audit trail tells of."""

from typing import Any

import httpx
import pytest

from hotelctl.app.domain.assistant.staff_phrases import Tell, state, tell
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.codes import execute
from tests.app.people import HOTEL_B
from tests.app.talk import open_thread
from tests.app.talk import tell as say_to
from tests.app.work import add, order, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_TRAIL = (
    "SELECT actor_kind, actor_id, object_kind, object_id, after FROM audit_events"
    " WHERE action = 'assistant.look_up' ORDER BY id"
)


class Desk:
    """A member of staff who asks the assistant."""

    def __init__(self, client: httpx.AsyncClient, headers: Headers, url: str) -> None:
        self.client, self.headers, self.url = client, headers, url
        self.place = ""

    async def ask(self, question: str) -> httpx.Response:
        """The answer to a question."""
        self.place = self.place or await open_thread(self.client, self.headers)
        return await say_to(self.client, self.place, self.headers, question)

    async def told(self, question: str) -> str:
        """What it says."""
        return str((await self.ask(question)).json()["reply"]["content"])

    def trail(self) -> list[tuple[Any, ...]]:
        """What the audit trail says of look-ups."""
        return execute(self.url, _TRAIL)


@pytest.fixture
async def desk(client: httpx.AsyncClient, service: Service, hotels: str) -> Desk:
    return Desk(client, await callers.page(service, "staff@alpha.example"), hotels)


@pytest.mark.parametrize(
    ("language", "one", "tickets", "work"),
    [
        (
            "en",
            "What is the status of ticket 7?",
            "Which tickets are open in room 12A?",
            "Which work orders are open in room 12A?",
        ),
        (
            "de",
            "Wie ist der Stand von Ticket 7?",
            "Welche Tickets sind für Zimmer 12A offen?",
            "Welche Aufträge sind in Zimmer 12A offen?",
        ),
        (
            "fr",
            "Quel est le statut du ticket 7 ?",
            "Quels tickets sont ouverts pour la chambre 12A ?",
            "Quelles tâches sont ouvertes pour la chambre 12A ?",
        ),
        (
            "es",
            "¿Cuál es el estado de la incidencia 7?",
            "¿Qué incidencias hay abiertas en la habitación 12A?",
            "¿Qué tareas hay abiertas en la habitación 12A?",
        ),
        (
            "it",
            "Qual è lo stato del ticket 7?",
            "Quali ticket sono aperti per la camera 12A?",
            "Quali incarichi sono aperti per la camera 12A?",
        ),
    ],
)
async def test_staff_is_answered_in_the_language_of_the_question(
    language: str, one: str, tickets: str, work: str, desk: Desk
) -> None:
    execute(desk.url, "UPDATE users SET department = 'maintenance' WHERE role = 'staff'")
    assert await desk.told(one) == tell(Tell.NO_TICKET, language, number=7)
    assert await desk.told(tickets) == tell(Tell.NO_TICKETS, language, room="12a")
    assert await desk.told(work) == tell(Tell.NO_WORK_ORDERS, language, room="12a")
    add(desk.url, "tickets", number=7, title="Cold", source="MANUAL", room_label="12A", priority="HIGH")
    order(desk.url, "Mend the tap", kind="maintenance", room_label="12A", status="in_progress")
    high, medium = state("OPEN", "HIGH", language), state("in_progress", "MEDIUM", language)
    told = {"number": 7, "title": "Cold", "room": "12A", "state": high}
    assert await desk.told(one) == tell(Tell.TICKET_IN_ROOM, language, **told)
    assert await desk.told(tickets) == tell(Tell.TICKETS, language, room="12a", titles=f"Cold ({high})")
    titles = f"Mend the tap ({medium})"
    assert await desk.told(work) == tell(Tell.WORK_ORDERS, language, room="12a", titles=titles)


async def test_a_look_up_stands_in_the_trail_with_what_was_asked_and_what_there_was(desk: Desk) -> None:
    first = add(desk.url, "tickets", number=1, title="Ada's ring", source="MANUAL", room_label="204")
    second = add(desk.url, "tickets", number=2, title="Cold", source="MANUAL", room_label="204")
    add(desk.url, "tickets", number=3, title="Else", source="MANUAL", hotel_id=HOTEL_B, room_label="204")
    for question in ("ticket #1", "open tickets in room 204", "ticket #3", "When is breakfast?"):
        await desk.ask(question)
    me = ("assistant", user_id(desk.url, "staff@alpha.example"))
    ids = [str(first), str(second)]
    assert desk.trail() == [
        (*me, "ticket", first, {"asked": "ticket", "number": 1}),
        (*me, "ticket", None, {"asked": "tickets", "room_label": "204", "count": 2, "ids": ids}),
        (*me, "request", None, {"asked": "ticket", "number": 3, "count": 0, "ids": []}),
    ]
    assert "Ada" not in str(desk.trail())


async def test_a_guest_s_look_up_stands_there_too(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    made = (await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=guest)).json()
    await say_to(client, thread, guest, "What is the status of my requests?")
    (found,) = execute(hotels, _TRAIL)
    assert (found[0], found[2], str(found[3])) == ("assistant", "ticket", made["id"])
    assert found[4] == {"asked": "own_requests"}


@pytest.mark.usefixtures("full_trail")
@pytest.mark.parametrize(
    "question", ["ticket #1", "open tickets in room 204", "open work orders for room 204"]
)
async def test_nothing_is_told_that_cannot_be_noted(question: str, desk: Desk) -> None:
    add(desk.url, "tickets", number=1, title="Lost ring", source="MANUAL", room_label="204")
    order(desk.url, "Lost ring", room_label="204")
    answer = await desk.ask(question)
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency_unavailable")
    assert "Lost ring" not in answer.text
    assert execute(desk.url, "SELECT count(*) FROM messages WHERE role = 'assistant'") == [(0,)]
    assert (await desk.ask("hello")).is_success


async def test_the_page_of_the_trail_tells_of_it_in_words(desk: Desk, service: Service) -> None:
    await desk.ask("open work orders for room 204")
    shown = (await desk.client.get("/admin/audit", headers=await callers.page(service))).text
    assert "Assistant: look-up" in shown
    assert "asked for: open work orders" in shown
