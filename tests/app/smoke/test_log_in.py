import psycopg
import pytest

from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LOGIN, _MINE, _REFRESH = "/api/auth/login", "/api/protected", "/api/auth/refresh"


async def test_a_wrong_password_that_opens_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _LOGIN, 200)
    assert "FAIL POST /api/auth/login: answered 200, must be 401" in await verdict("P1")


async def test_an_answer_that_tells_who_exists_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _LOGIN, 401, {"code": "unauthenticated", "detail": "no such user"}, after=1)
    assert "tells an unknown address from a wrong password" in await verdict("P1")


async def test_a_route_without_its_guard_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", _MINE, 200)
    assert f"FAIL GET {_MINE}: answered 200, must be 401" in await verdict("P1")


async def test_another_role_or_hotel_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_MINE, role="owner")
    assert "role is 'owner', must be 'manager'" in await verdict("P1")


async def test_a_refresh_token_that_is_good_twice_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", _REFRESH, 200, after=1)
    assert f"FAIL POST {_REFRESH}: answered 200, must be 401" in await verdict("P1")


async def test_a_log_out_that_ends_nothing_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", _MINE, 200, {}, after=3)
    assert f"FAIL GET {_MINE}: answered 200, must be 401" in await verdict("P1")


async def test_many_runs_do_not_lock_the_machine_out(verdict: Verdict, owner_url: str) -> None:
    assert [await verdict("P1") for _ in range(7)] == ["PASS"] * 7
    with psycopg.connect(owner_url) as connection:
        hits = connection.execute("SELECT max(hits) FROM rate_limits WHERE bucket = 'login_ip'").fetchone()
    assert hits == (0,)
