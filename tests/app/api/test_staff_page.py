import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.app.forms import OWN, enter, submit, token_of
from tests.app.people import HOTEL_B
from tests.app.work import add, one, order, user_id, waiting_chat

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_STAFF = "staff@alpha.example"


@pytest.fixture
async def staff(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A member of staff's browser."""
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, _STAFF)
    return client


async def _page(client: httpx.AsyncClient, path: str = "/staff") -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def _lead(client: httpx.AsyncClient) -> str:
    """What the page says first of the work, without its marks."""
    found = re.search(r'<p class="lead">(.*?)</p>', await _page(client))
    assert found is not None
    return re.sub("<[^>]+>", "", found[1])


async def test_who_is_not_inside_is_led_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/staff", headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Fstaff")


async def test_a_fresh_hotel_is_told_where_work_comes_from(staff: httpx.AsyncClient) -> None:
    html = await _page(staff)
    assert '<main id="main" data-page="staff"' in html
    assert "alpha" in html
    assert "There is no work order yet." in html
    assert "Nothing is yours at the moment." in html
    assert "done today" not in html


async def test_work_is_shown_as_mine_or_by_department_and_nobody_s(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    me = user_id(owner_url, _STAFF)
    order(owner_url, "Two towels", assigned_to=me, due_at=datetime.now(UTC) - timedelta(minutes=30))
    order(owner_url, "Leaking <tap>", kind="maintenance", priority="URGENT")
    order(owner_url, "Elsewhere", hotel_id=HOTEL_B)
    order(owner_url, "Finished", status="done")
    html = await _page(staff)
    mine, free = html.split('id="free"')
    assert "Two towels" in mine
    assert "30 min late" in mine
    assert "Leaking &lt;tap&gt;" in free
    assert '<h3 class="group">Maintenance</h3>' in free
    assert "Urgent" in free
    assert (
        await _lead(staff) == "1 yours, 1 nobody\N{RIGHT SINGLE QUOTATION MARK}s yet, 0 done today, 1 late."
    )
    assert "Elsewhere" not in html
    assert "Finished" not in html


async def test_what_is_nobody_s_stands_under_the_department_whose_work_it_is(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    order(owner_url, "Two towels")
    order(owner_url, "A clean room", kind="housekeeping")
    order(owner_url, "A sandwich", kind="room_service")
    free = (await _page(staff)).split('id="free"')[1]
    groups = free.split('<h3 class="group">')[1:]
    assert [group.partition("<")[0] for group in groups] == ["All of the house", "Housekeeping"]
    assert "A sandwich" in groups[0]
    assert "Two towels" in groups[1]
    assert "A clean room" in groups[1]
    assert "Brought to the room, asked" in groups[1]


async def test_a_tap_takes_work_and_a_second_one_finishes_it(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    job = order(owner_url, "Two towels")
    state = "SELECT status, assigned_to, version FROM work_orders WHERE id = %s"
    for status, version, said in (("in_progress", "1", "started"), ("done", "2", "done")):
        answer = await submit(
            staff, "/staff", f"/staff/work-orders/{job}", {"status": status, "version": version}
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff?said={said}")
        expected = (status, user_id(owner_url, _STAFF), int(version) + 1)
        assert one(owner_url, state, job) == expected
    counted = "SELECT count(*), min(source) FROM pms_work_order_history WHERE work_order_id = %s"
    assert one(owner_url, counted, job) == (2, "manual")
    assert "1 done today" in await _lead(staff)


async def test_who_was_slower_is_told_so_and_changes_nothing(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    job = order(owner_url, "Two towels", version=4)
    answer = await submit(staff, "/staff", f"/staff/work-orders/{job}", {"status": "done", "version": "3"})
    assert answer.headers["Location"] == "/staff?said=meanwhile"
    assert "Somebody changed it meanwhile." in await _page(staff, "/staff?said=meanwhile")
    assert one(owner_url, "SELECT status FROM work_orders WHERE id = %s", job) == ("open",)


async def test_nothing_moves_without_the_form_s_token(staff: httpx.AsyncClient, owner_url: str) -> None:
    job, chat = order(owner_url, "Two towels"), waiting_chat(owner_url)
    move = {"status": "done", "version": "1", "content": "x", "once": str(job)}
    for address in (
        f"/staff/work-orders/{job}",
        *(
            f"/staff/chats/{chat}/{what}"
            for what in ("takeover", "messages", "relieve", "release", "resolve")
        ),
    ):
        for fields in (move, {**move, "csrf": "0" * 64}):
            assert (await staff.post(address, data=fields, headers=OWN)).status_code == 403, address
    assert one(owner_url, "SELECT status FROM work_orders WHERE id = %s", job) == ("open",)
    assert one(owner_url, "SELECT status, assigned_to, last_seq FROM conversations") == ("human", None, 1)


@pytest.mark.parametrize("fields", [{"status": "gone", "version": "1"}, {"status": "done"}, {}])
async def test_a_form_that_was_tampered_with_is_refused(
    fields: dict[str, str], staff: httpx.AsyncClient, owner_url: str
) -> None:
    job = order(owner_url, "Two towels")
    assert (await submit(staff, "/staff", f"/staff/work-orders/{job}", fields)).status_code == 422


async def test_another_hotel_s_work_is_not_there(staff: httpx.AsyncClient, owner_url: str) -> None:
    job = order(owner_url, "Elsewhere", hotel_id=HOTEL_B)
    chat = waiting_chat(owner_url, hotel_id=HOTEL_B)
    move = {"status": "done", "version": "1"}
    assert (await submit(staff, "/staff", f"/staff/work-orders/{job}", move)).status_code == 404
    assert (await submit(staff, "/staff", f"/staff/chats/{chat}/takeover")).status_code == 404
    assert (await staff.get(f"/staff/chats/{chat}", headers=OWN)).status_code == 404


class TestChats:
    async def _taken(self, client: httpx.AsyncClient, chat: UUID) -> httpx.Response:
        return await submit(client, "/staff", f"/staff/chats/{chat}/takeover")

    async def test_a_guest_who_waits_is_taken_over_answered_and_done(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        assert "Room 305" in await _page(staff)
        here = f"/staff/chats/{chat}"
        assert "Is there a &lt;b&gt;late&lt;/b&gt; bus?" in await _page(staff, here)
        assert (await self._taken(staff, chat)).headers["Location"] == here
        once = "01890000-0000-7000-8000-0000000000aa"
        for _ in range(2):
            answer = await submit(
                staff, here, f"{here}/messages", {"content": "Yes, at 23:10.", "once": once}
            )
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{here}#end")
        said = "SELECT role, content, author_user_id FROM messages WHERE seq > 1"
        assert one(owner_url, said) == ("staff", "Yes, at 23:10.", user_id(owner_url, _STAFF))
        assert "Guests you answer" in await _page(staff)
        assert (await submit(staff, here, f"{here}/resolve")).headers["Location"] == "/staff?said=resolved"
        assert one(owner_url, "SELECT status FROM conversations") == ("resolved",)
        assert "Your answer" not in await _page(staff, here)

    async def test_a_guest_can_be_given_back_to_the_assistant(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        await self._taken(staff, chat)
        here = f"/staff/chats/{chat}"
        assert (await submit(staff, here, f"{here}/release")).headers["Location"] == "/staff?said=released"
        assert one(owner_url, "SELECT status, assigned_to FROM conversations") == ("bot", None)

    async def test_a_colleague_s_guest_is_not_taken_away(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        manager = user_id(owner_url, "manager@alpha.example")
        chat = waiting_chat(owner_url, assigned_to=manager)
        assert "manager@alpha.example answers this guest." in await _page(staff, f"/staff/chats/{chat}")
        assert (await self._taken(staff, chat)).headers["Location"] == "/staff?said=taken"
        assert one(owner_url, "SELECT assigned_to FROM conversations") == (manager,)

    @pytest.mark.parametrize(
        ("what", "standing", "deeds"),
        [
            ("relieve", ("human", _STAFF), ["conversation.release", "conversation.takeover"]),
            ("release", ("bot", None), ["conversation.release"]),
        ],
    )
    async def test_whoever_is_there_ends_what_a_colleague_left_open(
        self,
        what: str,
        standing: tuple[str, str | None],
        deeds: list[str],
        staff: httpx.AsyncClient,
        owner_url: str,
    ) -> None:
        chat = waiting_chat(owner_url, assigned_to=user_id(owner_url, "manager@alpha.example"))
        here = f"/staff/chats/{chat}"
        assert f'action="{here}/{what}"' in await _page(staff, here)
        assert (await submit(staff, here, f"{here}/{what}")).status_code == 303
        now = "SELECT c.status, u.email FROM conversations c LEFT JOIN users u ON u.id = c.assigned_to"
        assert one(owner_url, now) == standing
        noted = "SELECT array_agg(action ORDER BY id), count(DISTINCT actor_id) FROM audit_events"
        assert one(owner_url, noted) == (deeds, 1)

    async def test_who_comes_too_late_for_a_colleague_s_guest_is_told(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url, assigned_to=user_id(owner_url, "manager@alpha.example"))
        here = f"/staff/chats/{chat}"
        token = token_of(await _page(staff, here))
        with psycopg.connect(owner_url) as connection:
            connection.execute("UPDATE conversations SET status = 'resolved'")
        answer = await staff.post(f"{here}/relieve", data={"csrf": token}, headers=OWN)
        assert answer.headers["Location"] == f"{here}?said=resolved"
        assert f"{here}/relieve" not in await _page(staff, here)

    async def test_nothing_is_sent_when_nothing_was_written(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        await self._taken(staff, chat)
        here = f"/staff/chats/{chat}"
        fields = {"content": "  ", "once": str(chat)}
        answer = await submit(staff, here, f"{here}/messages", fields)
        assert answer.status_code == 422
        assert "There was nothing to send." in answer.text
        assert one(owner_url, "SELECT count(*) FROM messages") == (1,)

    async def test_lines_of_an_answer_are_counted_as_they_were_typed(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        await self._taken(staff, chat)
        here = f"/staff/chats/{chat}"
        typed = "\n".join(["w" * 38] * 51)
        assert len(typed) <= 2000 < len(typed.replace("\n", "\r\n"))
        fields = {"content": typed.replace("\n", "\r\n"), "once": str(chat)}
        assert (await submit(staff, here, f"{here}/messages", fields)).status_code == 303
        assert one(owner_url, "SELECT content FROM messages WHERE role = 'staff'") == (typed,)

    async def test_an_answer_that_is_too_long_stays_where_it_was_typed(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        await self._taken(staff, chat)
        here = f"/staff/chats/{chat}"
        typed = "<b>" + "w" * 2000
        answer = await submit(staff, here, f"{here}/messages", {"content": typed, "once": str(chat)})
        assert answer.status_code == 422
        assert "An answer has at most 2000 characters." in answer.text
        assert f">&lt;b&gt;{'w' * 2000}</textarea>" in answer.text
        assert one(owner_url, "SELECT count(*) FROM messages") == (1,)

    async def test_a_colleague_s_own_talk_with_the_assistant_is_not_there(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        colleague = user_id(owner_url, "manager@alpha.example")
        for owner in (colleague, user_id(owner_url, _STAFF)):
            talk = add(owner_url, "conversations", channel="staff_web", user_id=owner)
            assert (await staff.get(f"/staff/chats/{talk}", headers=OWN)).status_code == 404

    async def test_a_guest_whose_session_is_over_is_told_as_gone_and_answered_no_more(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        chat = waiting_chat(owner_url)
        await self._taken(staff, chat)
        here = f"/staff/chats/{chat}"
        before = await _page(staff, here)
        assert "nobody reads here any more" not in before
        with psycopg.connect(owner_url) as connection:
            connection.execute("UPDATE sessions SET revoked_at = now() WHERE kind = 'guest'")
        fields = {"csrf": token_of(before), "content": "The <last> bus leaves at 23:10.", "once": str(chat)}
        answer = await staff.post(f"{here}/messages", data=fields, headers=OWN)
        assert answer.status_code == 409
        assert "It was not sent: the guest\N{RIGHT SINGLE QUOTATION MARK}s session is over" in answer.text
        assert ">The &lt;last&gt; bus leaves at 23:10.</textarea>" in answer.text
        assert f'action="{here}/messages' not in answer.text
        assert one(owner_url, "SELECT count(*) FROM messages WHERE role = 'staff'") == (0,)
        after = await _page(staff, here)
        assert "session is over: nobody reads here any more." in after
        assert f"{here}/messages" not in after
        assert f'action="{here}/resolve"' in after
        assert "You answer this guest" not in after

    async def test_a_guest_who_is_gone_is_said_to_wait_no_more_and_is_done_with_at_once(
        self, staff: httpx.AsyncClient, owner_url: str
    ) -> None:
        here = f"/staff/chats/{waiting_chat(owner_url)}"
        with psycopg.connect(owner_url) as connection:
            connection.execute("UPDATE sessions SET revoked_at = now() WHERE kind = 'guest'")
        shown = await _page(staff, here)
        assert "waits for a person" not in shown
        assert f"{here}/takeover" not in shown
        await submit(staff, here, f"{here}/resolve", {})
        assert one(owner_url, "SELECT status FROM conversations") == ("resolved",)
