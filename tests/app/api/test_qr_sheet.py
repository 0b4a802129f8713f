import re
from datetime import UTC, datetime

import httpx
import pytest

from hotelctl.app.domain.ids import uuid7
from tests.app.codes import execute
from tests.app.forms import OWN, enter, filled_in, submit
from tests.app.people import HOTEL_B
from tests.app.work import add, one, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HERE = "/admin/qr"
_WISH = {"rooms": "101, Suite <3>", "purpose": "guest_access", "ttl_minutes": "1440", "max_uses": "2"}


@pytest.fixture
async def manager(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A manager's browser."""
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "manager@alpha.example")
    return client


async def test_only_who_may_hand_out_codes_comes_here(client: httpx.AsyncClient, owner_url: str) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    assert (await client.get(_HERE, headers=OWN)).headers["Location"] == "/login?next=%2Fadmin%2Fqr"
    await enter(client, "staff@alpha.example")
    assert (await client.get(_HERE, headers=OWN)).status_code == 403
    execute(owner_url, "UPDATE users SET department = 'reception'")
    await enter(client, "staff@alpha.example")
    shown = await client.get(_HERE, headers=OWN)
    assert shown.status_code == 200
    assert "No code was issued yet." in shown.text


async def test_a_sheet_has_a_code_for_each_room_and_is_not_kept(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    sheet = await submit(manager, _HERE, _HERE, _WISH)
    assert (sheet.status_code, sheet.headers["Cache-Control"]) == (201, "no-store")
    assert sheet.text.count("<svg") == 2
    assert "Room Suite &lt;3&gt;" in sheet.text
    stored = execute(
        owner_url,
        "SELECT room_label, max_uses, expires_at - created_at > interval '23 hours'"
        " FROM guest_staff_qr_tokens ORDER BY room_label",
    )
    assert stored == [("101", 2, True), ("Suite <3>", 2, True)]
    assert one(owner_url, "SELECT count(*) FROM audit_events WHERE action = 'qr.generate'") == (2,)
    listed = (await manager.get(_HERE, headers=OWN)).text
    assert listed.count("0 of 2 scans") == 2
    # The entrance's alone.
    assert listed.count("<svg") == 1


async def test_each_code_of_a_sheet_counts_for_the_limit(manager: httpx.AsyncClient, owner_url: str) -> None:
    rooms = {**_WISH, "rooms": ",".join(map(str, range(12)))}
    assert (await submit(manager, _HERE, _HERE, rooms)).status_code == 201
    assert one(owner_url, "SELECT hits FROM rate_limits WHERE bucket = 'qr.generate'") == (12,)
    eight = {**rooms, "rooms": ",".join(map(str, range(8)))}
    assert (await submit(manager, _HERE, _HERE, eight)).status_code == 201
    refused = await submit(manager, _HERE, _HERE, {**rooms, "rooms": "1"})
    assert (refused.status_code, refused.headers["RateLimit-Limit"]) == (429, "20")
    made = "SELECT count(*) FROM audit_events WHERE action = 'qr.generate'"
    assert one(owner_url, made) == one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (20,)
    execute(owner_url, "UPDATE rate_limits SET window_start = window_start - interval '1 minute'")
    assert (await submit(manager, _HERE, _HERE, rooms)).status_code == 201
    assert one(owner_url, "SELECT hits FROM rate_limits WHERE bucket = 'qr.generate'") == (12,)


async def test_what_made_no_code_takes_none_of_those_that_are_left(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    hits = "SELECT hits FROM rate_limits WHERE bucket = 'qr.generate'"
    twelve = {**_WISH, "rooms": ",".join(map(str, range(12)))}
    assert (await submit(manager, _HERE, _HERE, twelve)).status_code == 201
    refused = await submit(manager, _HERE, _HERE, twelve)
    left = {name: refused.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining")}
    assert (refused.status_code, left) == (429, {"Limit": "20", "Remaining": "8"})
    nobody = {"user_id": str(uuid7()), "ttl_minutes": "60"}
    assert (await submit(manager, _HERE, f"{_HERE}/staff", nobody)).status_code == 422
    assert (await submit(manager, _HERE, f"{_HERE}/{uuid7()}/replace")).status_code == 404
    assert one(owner_url, hits) == (12,)
    eight = {**_WISH, "rooms": ",".join(map(str, range(8)))}
    assert (await submit(manager, _HERE, _HERE, eight)).status_code == 201
    assert one(owner_url, hits) == (20,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rooms": " , "},
        {"rooms": ",".join(map(str, range(13)))},
        {"rooms": "x" * 41},
        {"rooms": "1\0"},
        {"ttl_minutes": "7"},
        {"purpose": "staff_access"},
    ],
)
async def test_what_cannot_be_issued_is_said(
    wrong: dict[str, str], manager: httpx.AsyncClient, owner_url: str
) -> None:
    answer = await submit(manager, _HERE, _HERE, {**_WISH, **wrong})
    assert answer.status_code == 422
    (name,) = wrong
    assert re.search(f'id="{name}"[^>]* aria-invalid="true" aria-describedby="{name}-said"', answer.text)
    assert f'<p class="wrong" id="{name}-said">' in answer.text
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (0,)


async def test_a_guest_has_a_name_and_a_stay_that_ends_by_the_hotel_s_clock(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    execute(owner_url, "UPDATE hotels SET timezone = 'Europe/Berlin' RETURNING 1")
    execute(owner_url, "UPDATE users SET department = 'reception' WHERE email = 'staff@alpha.example'")
    guest = {"rooms": "101", "guest_name": " Ada <L> ", "stay_ends_at": "2040-07-01T11:00"}
    assert (await submit(manager, _HERE, _HERE, {**_WISH, **guest})).status_code == 201
    query = "SELECT guest_name, stay_ends_at AT TIME ZONE 'UTC' FROM guest_staff_qr_tokens"
    assert one(owner_url, query) == ("Ada <L>", datetime(2040, 7, 1, 9, tzinfo=UTC).replace(tzinfo=None))
    stay = ", stay until <time datetime="
    listed = (await manager.get(_HERE, headers=OWN)).text
    assert "Room 101 · Ada &lt;L&gt; <span" in listed
    assert stay in listed
    assert ">1 Jul 2040, 11:00</time>" in listed
    # Who may not see more of a guest than name and room is not told when the stay ends.
    await enter(manager, "staff@alpha.example")
    listed = (await manager.get(_HERE, headers=OWN)).text
    assert "Room 101 · Ada &lt;L&gt; <span" in listed
    assert stay not in listed


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"guest_name": "Ada"}, "A name belongs to one guest"),
        (
            {"rooms": "101", "guest_name": "x" * 121},
            "A name has 1 to 120 characters, all of which can be seen.",
        ),
        (
            {"rooms": "101", "guest_name": "A\tda"},
            "A name has 1 to 120 characters, all of which can be seen.",
        ),
        ({"stay_ends_at": "2020-01-01T11:00"}, "The end of the stay is a moment to come."),
        ({"stay_ends_at": "9999-12-31T23:59"}, "The end of the stay is a moment to come."),
        ({"stay_ends_at": "soon"}, "The end of the stay is a moment to come."),
    ],
)
async def test_what_cannot_be_of_a_guest_is_said_and_what_was_typed_stays(
    wrong: dict[str, str], said: str, manager: httpx.AsyncClient, owner_url: str
) -> None:
    answer = await submit(manager, _HERE, _HERE, {**_WISH, "ttl_minutes": "4320", **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="101' in answer.text
    assert '<option value="4320" selected>' in answer.text
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (0,)


async def test_a_code_is_withdrawn_or_replaced(manager: httpx.AsyncClient, owner_url: str) -> None:
    await submit(manager, _HERE, _HERE, {**_WISH, "rooms": "101"})
    (first,) = one(owner_url, "SELECT id FROM guest_staff_qr_tokens")
    sheet = await submit(manager, _HERE, f"{_HERE}/{first}/replace")
    assert (sheet.status_code, sheet.text.count("<svg")) == (201, 1)
    again = await submit(manager, _HERE, f"{_HERE}/{first}/replace")
    assert (again.status_code, again.headers["Location"]) == (303, f"{_HERE}?said=replaced")
    (second,) = one(owner_url, "SELECT id FROM guest_staff_qr_tokens WHERE revoked_at IS NULL")
    answer = await submit(manager, _HERE, f"{_HERE}/{second}/revoke")
    assert answer.headers["Location"] == f"{_HERE}?said=withdrawn"
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens WHERE revoked_at IS NULL") == (0,)
    listed = (await manager.get(_HERE, headers=OWN)).text
    assert re.findall(r'class="chip[ \w]*">(\w+)<', listed) == ["Revoked", "Replaced"]


async def test_a_code_whose_stay_is_over_is_not_replaced(manager: httpx.AsyncClient, owner_url: str) -> None:
    await submit(manager, _HERE, _HERE, {**_WISH, "rooms": "101"})
    execute(owner_url, "UPDATE guest_staff_qr_tokens SET stay_ends_at = now()")
    (code,) = one(owner_url, "SELECT id FROM guest_staff_qr_tokens")
    answer = await submit(manager, _HERE, f"{_HERE}/{code}/replace")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{_HERE}?said=replaced")
    assert "or the stay is over" in (await manager.get(answer.headers["Location"], headers=OWN)).text


async def test_nothing_happens_without_the_form_s_token_or_to_another_hotel_s_code(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    fields = {"purpose": "guest_access", "token_hash": b"x" * 32, "prefix": "abcdef"}
    there = add(owner_url, "guest_staff_qr_tokens", hotel_id=HOTEL_B, expires_at="2100-01-01", **fields)
    for address in (_HERE, f"{_HERE}/{there}/revoke", f"{_HERE}/{there}/replace"):
        assert (await manager.post(address, data=_WISH, headers=OWN)).status_code == 403
    for what in ("revoke", "replace"):
        assert (await submit(manager, _HERE, f"{_HERE}/{there}/{what}")).status_code == 404
    assert one(owner_url, "SELECT revoked_at FROM guest_staff_qr_tokens") == (None,)


async def test_a_member_of_staff_gets_a_code_with_the_own_name(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    execute(owner_url, "UPDATE users SET display_name = 'Sam <S>' WHERE email = 'staff@alpha.example'")
    sam = user_id(owner_url, "staff@alpha.example")
    form = (await manager.get(_HERE, headers=OWN)).text
    assert f'<option value="{sam}">Sam &lt;S&gt;</option>' in form
    wish = {"user_id": str(sam), "ttl_minutes": "60"}
    sheet = await submit(manager, _HERE, f"{_HERE}/staff", wish)
    assert (sheet.status_code, sheet.text.count("<svg")) == (201, 1)
    assert 'aria-label="QR code: Sam &lt;S&gt;"' in sheet.text
    assert one(owner_url, "SELECT purpose, user_id, max_uses FROM guest_staff_qr_tokens") == (
        *("staff_access", sam),
        1,
    )
    assert one(owner_url, "SELECT action FROM audit_events") == ("qr.generate",)
    assert "<h3>Sam &lt;S&gt; <span" in (await manager.get(_HERE, headers=OWN)).text


@pytest.mark.parametrize("wrong", [{"user_id": "of another hotel"}, {"ttl_minutes": "7"}, {"user_id": ""}])
async def test_a_code_for_nobody_of_the_house_is_refused(
    wrong: dict[str, str], manager: httpx.AsyncClient, owner_url: str
) -> None:
    foreign = str(user_id(owner_url, "staff@beta.example"))
    given = {name: value.replace("of another hotel", foreign) for name, value in wrong.items()}
    wish = {"user_id": str(user_id(owner_url, "staff@alpha.example")), "ttl_minutes": "60", **given}
    answer = await submit(manager, _HERE, f"{_HERE}/staff", wish)
    assert answer.status_code == 422
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (0,)


async def test_who_may_not_hand_out_staff_codes_is_offered_none(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    execute(owner_url, "UPDATE users SET role = 'supervisor' WHERE email = 'staff@alpha.example'")
    await enter(client, "staff@alpha.example")
    assert f"{_HERE}/staff" not in (await client.get(_HERE, headers=OWN)).text
    wish = {"user_id": str(user_id(owner_url, "manager@alpha.example")), "ttl_minutes": "60"}
    assert (await submit(client, _HERE, f"{_HERE}/staff", wish)).status_code == 403


@pytest.mark.parametrize("for_staff", [False, True])
async def test_a_sheet_that_is_loaded_again_makes_no_second_code(
    for_staff: bool,  # noqa: FBT001 - which of the two forms
    manager: httpx.AsyncClient,
    owner_url: str,
) -> None:
    address = f"{_HERE}/staff" if for_staff else _HERE
    form = filled_in((await manager.get(_HERE, headers=OWN)).text, address)
    sent = form if for_staff else {**form, **_WISH}
    first = await manager.post(address, data=sent, headers=OWN)
    assert first.status_code == 201
    again = await manager.post(address, data=sent, headers=OWN)
    assert (again.status_code, again.headers["Location"]) == (303, f"{_HERE}?said=made")
    made = 1 if for_staff else 2
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (made,)
    assert "A code is shown only once" in (await manager.get(again.headers["Location"], headers=OWN)).text
    # A new sheet is a new wish, even for the same rooms.
    assert (await submit(manager, _HERE, address, sent | {"once": str(uuid7())})).status_code == 201
    assert one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == (2 * made,)


async def test_the_code_of_the_entrance_is_shown_and_leads_to_the_public_page(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    ((entry,),) = execute(owner_url, "SELECT entry_code FROM hotels WHERE slug = 'alpha'")
    page = (await manager.get(_HERE, headers=OWN)).text
    assert f'href="https://hotel.example/h/{entry}"' in page
    assert '<a class="button quiet" href="/api/qr/hotel.svg">' in page
    assert (await manager.get("/api/qr/hotel.svg", headers=OWN)).text in page
    assert (await manager.get(f"/h/{entry}", headers=OWN)).status_code == 200
