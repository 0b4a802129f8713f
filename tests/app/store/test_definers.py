"""Functions that look across hotels before a hotel is known."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from tests.app.people import HOTEL_A, HOTEL_B, add_user

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("hotels")]
_HASH = sha256(b"token").digest()


@pytest.fixture
def token(hotels: str) -> UUID:
    token_id = uuid7()
    with psycopg.connect(hotels) as connection:
        connection.execute(
            "INSERT INTO guest_staff_qr_tokens"
            " (id, hotel_id, purpose, token_hash, prefix, room_label, expires_at)"
            " VALUES (%s, %s, 'guest_access', %s, 'abcdef', '204', now() + interval '1 hour')",
            (token_id, HOTEL_A, _HASH),
        )
    return token_id


def _ask(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), values).fetchall()


def test_of_40_claims_at_once_exactly_one_wins(token: UUID, app_url: str) -> None:
    with ThreadPoolExecutor(40) as pool:
        won = list(pool.map(lambda _: _ask(app_url, "SELECT * FROM qr_claim(%s)", _HASH), range(40)))
    assert [rows for rows in won if rows] == [[(token, HOTEL_A)]]


def test_looking_at_a_code_does_not_use_it_up(token: UUID, app_url: str) -> None:
    for _ in range(2):
        ((found, hotel_id, name, purpose, user_id, room, _),) = _ask(
            app_url, "SELECT * FROM qr_peek(%s)", _HASH
        )
        assert (found, hotel_id, name) == (token, HOTEL_A, "alpha")
        assert (purpose, user_id, room) == ("guest_access", None, "204")
    assert len(_ask(app_url, "SELECT * FROM qr_claim(%s)", _HASH)) == 1
    assert _ask(app_url, "SELECT * FROM qr_peek(%s)", _HASH) == []


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE guest_staff_qr_tokens SET revoked_at = now()",
        "UPDATE guest_staff_qr_tokens SET expires_at = now()",
        "UPDATE guest_staff_qr_tokens SET use_count = 1",
        "UPDATE hotels SET suspended_at = now()",
    ],
)
def test_a_code_that_is_over_is_not_found(change: str, owner_url: str, app_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute(change.encode())
    assert _ask(app_url, "SELECT * FROM qr_peek(%s)", _HASH) == []
    assert _ask(app_url, "SELECT * FROM qr_claim(%s)", _HASH) == []


def test_a_link_is_good_once_and_for_its_purpose(owner_url: str, app_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        user_id = add_user(connection, HOTEL_B, "new@beta.example", "staff")
        connection.execute(
            "INSERT INTO verification_tokens (id, hotel_id, purpose, user_id, token_hash, expires_at)"
            " VALUES (%s, %s, 'invite', %s, %s, now() + interval '1 hour')",
            (uuid7(), HOTEL_B, user_id, _HASH),
        )
    claim = "SELECT hotel_id, user_id, email FROM verification_claim(%s, %s)"
    assert _ask(app_url, claim, _HASH, "password_reset") == []
    assert _ask(app_url, claim, _HASH, "invite") == [(HOTEL_B, user_id, None)]
    assert _ask(app_url, claim, _HASH, "invite") == []


def test_an_entry_code_leads_to_its_live_hotel(owner_url: str, app_url: str) -> None:
    ((code,),) = _ask(owner_url, "SELECT entry_code FROM hotels WHERE slug = 'alpha'")
    assert _ask(app_url, "SELECT id FROM hotel_by_entry_code(%s)", code) == [(HOTEL_A,)]
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE hotels SET suspended_at = now() WHERE slug = 'alpha'")
    assert _ask(app_url, "SELECT id FROM hotel_by_entry_code(%s)", code) == []


def test_jobs_learn_which_hotels_there_are(owner_url: str, app_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE hotels SET deleted_at = now() WHERE slug = 'beta'")
    assert _ask(app_url, "SELECT * FROM live_hotels()") == [(SYNTHETIC_HOTEL_ID, True), (HOTEL_A, False)]
