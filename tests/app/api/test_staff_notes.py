import re
from collections.abc import Callable

import httpx
import psycopg
import pytest

from hotelctl.app.api.staff_page import _SHOWN_NOTES
from tests.app.forms import OWN, enter, filled_in, submit
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.work import add, one, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_STAFF = "staff@alpha.example"
_WINDOW = {"room_label": "204", "body": "The window\r\nsticks."}
_COUNT = "SELECT count(*) FROM room_notes WHERE deleted_at IS NULL"


@pytest.fixture
async def staff(client: httpx.AsyncClient, hotels: str) -> httpx.AsyncClient:
    """A member of staff's browser."""
    assert hotels
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, _STAFF)
    return client


@pytest.fixture
def note(hotels: str) -> Callable[..., object]:
    """Writes a note as the owner."""

    def write(body: str, room_label: str = "204", **values: object) -> object:
        return add(hotels, "room_notes", room_label=room_label, body=body, **values)

    return write


async def _notes(client: httpx.AsyncClient, path: str = "/staff") -> str:
    """The part of the page that is about notes."""
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text.split('id="notes"')[1].partition("</section>")[0]


async def test_a_hotel_without_a_note_is_told_what_they_are_for(staff: httpx.AsyncClient) -> None:
    assert "There is no note yet." in await _notes(staff)


async def test_a_note_is_written_without_scripts_and_shown_with_who_and_when(
    staff: httpx.AsyncClient, hotels: str
) -> None:
    answer = await submit(staff, "/staff", "/staff", _WINDOW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff?said=noted#notes")
    shown = await _notes(staff, "/staff?said=noted")
    assert "The note stands with its room." in shown
    assert '<h3 class="group">Room 204</h3>' in shown
    assert "The window\nsticks." in shown
    assert re.search(rf"{_STAFF}, <time ", shown)
    author = "SELECT author_user_id, room_label, body FROM room_notes"
    assert one(hotels, author) == (user_id(hotels, _STAFF), "204", "The window\nsticks.")


async def test_notes_stand_by_room_the_newest_first(
    staff: httpx.AsyncClient, note: Callable[..., object]
) -> None:
    for body, room in (("first", "204"), ("second", "305"), ("<b>third</b>", "204")):
        note(body, room)
    note("elsewhere", hotel_id=HOTEL_B)
    shown = await _notes(staff)
    groups = shown.split('<h3 class="group">')[1:]
    assert [group.partition("<")[0] for group in groups] == ["Room 204", "Room 305"]
    assert re.findall(r'class="told" dir="auto">([^<]*)<', groups[0]) == ["&lt;b&gt;third&lt;/b&gt;", "first"]
    assert "second" in groups[1]
    assert "elsewhere" not in shown
    assert "somebody who left" in groups[0]


async def test_of_many_notes_the_newest_are_shown_and_it_says_so(
    staff: httpx.AsyncClient, note: Callable[..., object]
) -> None:
    for number in range(_SHOWN_NOTES):
        note(f"note {number}.")
    assert "older ones are not shown here" not in await _notes(staff)
    note("the newest")
    shown = await _notes(staff)
    assert "older ones are not shown here" in shown
    assert "the newest" in shown
    assert "note 1." in shown
    assert "note 0." not in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**_WINDOW, "body": " "}, "A note has 1 to 1000 characters."),
        ({**_WINDOW, "body": "x" * 1001}, "A note has 1 to 1000 characters."),
        ({**_WINDOW, "room_label": ""}, "Name a room, with at most 40 characters."),
        ({**_WINDOW, "room_label": "x" * 41}, "Name a room, with at most 40 characters."),
        ({}, "Name a room, with at most 40 characters."),
    ],
)
async def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(
    fields: dict[str, str], said: str, staff: httpx.AsyncClient, hotels: str
) -> None:
    answer = await submit(staff, "/staff", "/staff", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{fields.get("room_label", "")}"' in answer.text
    assert fields.get("body", "").replace("\r\n", "\n") in answer.text
    assert one(hotels, _COUNT) == (0,)


async def test_who_wrote_a_note_can_remove_it_and_a_colleague_is_not_offered_to(
    staff: httpx.AsyncClient, hotels: str, note: Callable[..., object]
) -> None:
    with psycopg.connect(hotels) as connection:
        other = add_user(connection, HOTEL_A, "other@alpha.example", "staff")
    mine = note("mine", author_user_id=user_id(hotels, _STAFF))
    theirs = note("theirs", author_user_id=other)
    shown = await _notes(staff)
    assert f"/staff/notes/{mine}/remove" in shown
    assert f"/staff/notes/{theirs}/remove" not in shown
    assert (await submit(staff, "/staff", f"/staff/notes/{theirs}/remove")).status_code == 403
    answer = await submit(staff, "/staff", f"/staff/notes/{mine}/remove")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff?said=removed#notes")
    shown = await _notes(staff, "/staff?said=removed")
    assert "The note is removed." in shown
    assert "mine" not in shown
    await enter(staff, "manager@alpha.example")
    assert f"/staff/notes/{theirs}/remove" in await _notes(staff)
    assert (await submit(staff, "/staff", f"/staff/notes/{theirs}/remove")).status_code == 303
    assert one(hotels, _COUNT) == (0,)


async def test_nothing_is_noted_or_removed_without_the_form_s_token(
    staff: httpx.AsyncClient, hotels: str, note: Callable[..., object]
) -> None:
    mine = note("mine", author_user_id=user_id(hotels, _STAFF))
    for address in ("/staff", f"/staff/notes/{mine}/remove"):
        for fields in (_WINDOW, {**_WINDOW, "csrf": "0" * 64}):
            assert (await staff.post(address, data=fields, headers=OWN)).status_code == 403, address
    assert one(hotels, _COUNT) == (1,)


async def test_another_hotel_s_note_is_not_there(
    staff: httpx.AsyncClient, hotels: str, note: Callable[..., object]
) -> None:
    foreign = note("elsewhere", hotel_id=HOTEL_B)
    await enter(staff, "manager@alpha.example")
    assert (await submit(staff, "/staff", f"/staff/notes/{foreign}/remove")).status_code == 404
    assert one(hotels, _COUNT) == (1,)


async def test_the_same_form_sent_twice_writes_one_note_and_a_changed_one_another(
    staff: httpx.AsyncClient, hotels: str
) -> None:
    form = filled_in(await _page(staff), "/staff#write") | _WINDOW
    for _ in range(2):
        answer = await staff.post("/staff", data=form, headers=OWN)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/staff?said=noted#notes")
    assert one(hotels, _COUNT) == (1,)
    await staff.post("/staff", data=form | {"body": "The door sticks, too."}, headers=OWN)
    assert one(hotels, _COUNT) == (2,)


async def _page(client: httpx.AsyncClient) -> str:
    return (await client.get("/staff", headers=OWN)).text
