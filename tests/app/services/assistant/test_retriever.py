import psycopg
import pytest
from psycopg import sql

from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.services.service import Service
from hotelctl.app.store.direct import within
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, HOTEL_B

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.fixture(autouse=True)
def _known(hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Breakfast", body="From 7 to 10.", keywords="buffet; Frühstück")
        add_entry(connection, HOTEL_A, "Bar", body="Drinks from 17:00.")
        add_entry(connection, HOTEL_A, "Pool", body="Top floor.", keywords="swimming; Schwimmbad")
        add_entry(connection, HOTEL_A, "Master keys", audience="staff")
        add_entry(connection, HOTEL_A, "Bootsverleih", body="Am Steg.", lang="german", keywords="Ruderboote")
        add_entry(connection, HOTEL_B, "Casino", body="Every night.")


async def _titles(service: Service, question: str, *audience: str, language: str = "en") -> list[str]:
    async with service.db.transaction(HOTEL_A) as session:
        hits = await find_entries(within(session), question, audience or ("guest",), language)
    return [hit.title for hit in hits]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("When is breakfast?", "Breakfast"),
        ("where can we swim", "Pool"),
        ("Wann gibt es Frühstück?", "Breakfast"),
        ("wann ist das schwimbad offen", "Pool"),
        ("is there a brekfast buffet", "Breakfast"),
        ("Haben Sie ein Ruderboot?", "Bootsverleih"),
    ],
)
async def test_the_entry_is_found_by_stem_keyword_language_and_despite_a_typing_error(
    question: str, title: str, service: Service
) -> None:
    assert (await _titles(service, question))[0] == title


@pytest.mark.parametrize("question", ["Who wrote Hamlet?", "the of and please", "", "!!!", "12345"])
async def test_what_no_entry_covers_finds_nothing(question: str, service: Service) -> None:
    assert await _titles(service, question) == []


async def test_only_the_own_hotel_and_the_audience_s_entries_are_searched(service: Service) -> None:
    assert await _titles(service, "casino every night") == []
    assert await _titles(service, "master keys") == []
    assert await _titles(service, "master keys", "guest", "staff") == ["Master keys"]


@pytest.mark.parametrize(("column", "days"), [("deleted_at", 0), ("valid_until", -1), ("valid_from", 1)])
async def test_an_entry_outside_its_time_is_not_found(
    column: str, days: int, service: Service, hotels: str
) -> None:
    change = sql.SQL(
        "UPDATE knowledge_entries SET {} = now() + %s * interval '1 day' WHERE title = 'Breakfast'"
    )
    with psycopg.connect(hotels) as connection:
        connection.execute(change.format(sql.Identifier(column)), [days])
    assert "Breakfast" not in await _titles(service, "breakfast buffet")
