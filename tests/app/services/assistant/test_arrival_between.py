"""Messages are looked up first and stored afterwards: what happens in between is seen."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from hotelctl.app.services.assistant import arrival
from hotelctl.app.services.assistant.reading import Reading, read
from tests.app.callers import Headers
from tests.app.talk import tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.fixture
def between(hotels: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Statements that the owner of the database makes, each once, while a message is read."""
    statements: list[str] = []

    def reading(text: str, usual: str) -> Reading:
        with psycopg.connect(hotels) as connection:
            while statements:
                connection.execute(statements.pop().encode())
        return read(text, usual)

    monkeypatch.setattr(arrival, "read", reading)
    yield statements
    assert statements == []


def _said(url: str) -> list[tuple[str, int]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT role, seq FROM messages ORDER BY seq").fetchall()


async def test_a_message_that_arrives_as_a_person_takes_over_is_left_to_that_person(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str, between: list[str]
) -> None:
    between.append("UPDATE conversations SET status = 'human'")
    told = await tell(client, thread, guest, "hello")
    assert (told.status_code, told.json()["reply"]) == (201, None)
    assert _said(hotels) == [("guest", 1)]
    with psycopg.connect(hotels) as connection:
        found = connection.execute("SELECT status, unread_staff FROM conversations").fetchall()
        runs = connection.execute("SELECT count(*) FROM workflow_executions").fetchone()
    assert (found, runs) == ([("human", 1)], (0,))


async def test_what_was_said_in_between_comes_first(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str, between: list[str]
) -> None:
    between.append(
        "WITH moved AS (UPDATE conversations SET last_seq = last_seq + 1 RETURNING id, hotel_id, last_seq)"
        " INSERT INTO messages (id, hotel_id, conversation_id, seq, role, content)"
        " SELECT gen_random_uuid(), hotel_id, id, last_seq, 'system', 'A notice.' FROM moved"
    )
    told = await tell(client, thread, guest, "hello")
    assert (told.status_code, told.json()["message"]["seq"], told.json()["reply"]["seq"]) == (201, 2, 3)
    assert _said(hotels) == [("system", 1), ("guest", 2), ("assistant", 3)]


async def test_a_conversation_that_ends_in_between_is_not_found(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str, between: list[str]
) -> None:
    between.append("UPDATE conversations SET deleted_at = now()")
    assert (await tell(client, thread, guest, "hello")).status_code == 404
    assert _said(hotels) == []
