from uuid import uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.domain.assistant.phrases import Say, say
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.talk import open_thread, tell
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.mark.parametrize(
    "state",
    [
        "UPDATE conversations SET status = 'human'",
        "UPDATE conversations SET status = 'waiting_guest'",
        """UPDATE hotels SET settings = '{"ai_enabled": false}'""",
    ],
)
async def test_an_emergency_is_answered_also_where_the_assistant_is_silent(
    state: str, client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute(state.encode())
    assert (await tell(client, thread, guest, "Where is the pool?")).json()["reply"] is None
    answer = (
        await tell(client, thread, guest, "Help, there is a fire in my room!", key := str(uuid4()))
    ).json()
    assert answer["reply"]["content"] == say(Say.EMERGENCY, "en")
    assert one(hotels, "SELECT priority, category FROM tickets") == ("URGENT", "emergency")
    assert one(hotels, "SELECT status, unread_staff FROM conversations") == ("human", 2)
    again = await tell(client, thread, guest, "Help, there is a fire in my room!", key)
    assert (again.status_code, again.json()) == (200, answer)
    assert (await tell(client, thread, guest, "Where is the pool?")).json()["reply"] is None


async def test_staff_that_writes_of_an_emergency_to_a_guest_is_not_answered(
    client: httpx.AsyncClient, thread: str, service: Service, hotels: str
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    assert (await tell(client, thread, staff, "There is a fire, leave the room!")).json()["reply"] is None
    assert one(hotels, "SELECT count(*) FROM tickets") == (0,)


async def test_an_emergency_that_names_a_ticket_is_an_emergency(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    own = await open_thread(client, staff)
    said = "There is a fire where ticket 12 says!"
    reply = (await tell(client, own, staff, said)).json()["reply"]
    assert reply["content"] == say(Say.EMERGENCY, "en")
    assert one(hotels, "SELECT priority FROM tickets") == ("URGENT",)


@pytest.mark.parametrize(
    ("state", "said", "answer"),
    [
        ("SELECT 1", "There is a fire in the kitchen!", say(Say.EMERGENCY, "en")),
        ("""UPDATE hotels SET settings = '{"ai_enabled": false}'""", "hello", None),
        # As a former release left it.
        ("UPDATE conversations SET status = 'human', unread_staff = 1", "hello", say(Say.GREETING, "en")),
    ],
)
async def test_what_staff_asks_is_passed_on_to_nobody_and_goes_on_being_answered(
    state: str, said: str, answer: str | None, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    own = await open_thread(client, staff)
    with psycopg.connect(hotels) as connection:
        connection.execute(state.encode())
    reply = (await tell(client, own, staff, said)).json()["reply"]
    assert (reply and reply["content"]) == answer
    assert one(hotels, "SELECT status, handed_off_at FROM conversations") == ("bot", None)
    assert (await client.get("/api/dashboard/staff", headers=staff)).json()["waiting"] == []
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET settings = '{}'")
    assert (await tell(client, own, staff, "hello")).json()["reply"]["content"] == say(Say.GREETING, "en")
