import time
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import event, text

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke import database
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, add_hotel
from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_slow_statements_are_seen(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database._STATEMENTS, "ticket page", "SELECT pg_sleep(0.06)")
    monkeypatch.setattr(database, "_ROUNDS", 3)
    assert (await verdict("P6")).startswith("FAIL ticket page p95 above SELECT 1 is ")


def _slow(run: Run, *, times: int = 10_000) -> None:
    """The machine takes long for the next statements, whatever they ask."""
    left = times

    @event.listens_for(run.ground.runtime, "before_cursor_execute")
    def _take_long(*_: object) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            time.sleep(0.06)


def _measured(run: Run) -> dict[str, tuple[float, float | None]]:
    return {one["name"]: (one["value"], one["limit"]) for one in run.measured}


async def test_a_machine_that_is_slow_for_nothing_is_told_and_not_blamed_on_the_statement(
    verdict: Verdict, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {"ticket page": database._STATEMENTS["ticket page"]}
    monkeypatch.setattr(database, "_STATEMENTS", only)
    monkeypatch.setattr(database, "_INSIDE", {})
    monkeypatch.setattr(database, "_ROUNDS", 3)
    _slow(run)
    assert await verdict("P6") == "PASS"
    found = _measured(run)
    assert found["ticket page p95"][0] > 50
    assert found["SELECT 1 p95 in turns with it"][0] > 50
    assert found["ticket page p95 above SELECT 1"][1] == 50


async def test_a_slow_statement_is_seen_on_a_slow_machine_too(
    verdict: Verdict, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_STATEMENTS", {"ticket page": "SELECT pg_sleep(0.08)"})
    monkeypatch.setattr(database, "_INSIDE", {})
    monkeypatch.setattr(database, "_ROUNDS", 3)
    _slow(run)
    assert (await verdict("P6")).startswith("FAIL ticket page p95 above SELECT 1 is ")


async def test_a_burst_of_other_work_is_over_when_asked_again(
    verdict: Verdict, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_ROUNDS", 3)
    _slow(run, times=4)
    assert await verdict("P6") == "PASS"
    assert _measured(run)["login look-up p95"][1] == 50


async def test_a_long_scan_is_seen(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LARGE", -2)
    monkeypatch.setitem(database._STATEMENTS, "ticket page", "SELECT * FROM schema_compat")
    assert "reads all" in await verdict("P6")


async def test_a_session_that_waits_for_a_lock_is_seen(
    verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WAITING", text("SELECT count(*) FROM pg_locks WHERE granted"))
    assert "sessions wait for a lock for more than a second" in await verdict("P6")


async def test_a_transaction_left_open_is_seen(
    verdict: Verdict, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = str(database._IDLE).replace("30 seconds", "0 seconds")
    monkeypatch.setattr(database, "_IDLE", text(at_once))
    with psycopg.connect(hotels) as connection:
        connection.execute("SELECT 1")
        assert "FAIL 1 sessions hold a transaction open" in await verdict("P6")


async def test_a_full_pool_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", "/metrics", 200, "hotel_db_pool_checked_out 9.0\nhotel_db_pool_size 10.0\n")
    assert "FAIL pool use is 0.9 share, must be at most 0.8" in await verdict("P6")


async def test_a_table_that_shows_every_hotel_is_seen(
    spare_url: str, as_runtime: Callable[[str], str], run: Run
) -> None:
    with psycopg.connect(spare_url) as connection:
        add_hotel(connection, HOTEL_A, "alpha")
        add_entry(connection, HOTEL_A, "Breakfast")
        connection.execute("ALTER TABLE knowledge_entries DISABLE ROW LEVEL SECURITY")
    seen = pytest.raises(Broken, match="sees 1 rows of another hotel in knowledge_entries")
    with prepared(spare_url, as_runtime(spare_url), Passwords(8)) as ground, seen:
        database._shows_one_hotel(Run(run.talk, ground))


async def test_a_role_that_writes_anywhere_is_seen(spare_url: str, run: Run) -> None:
    seen = pytest.raises(Broken, match="may write rows of another hotel")
    with prepared(spare_url, spare_url, Passwords(8)) as ground, seen:
        database._writes_nowhere_else(Run(run.talk, ground))
