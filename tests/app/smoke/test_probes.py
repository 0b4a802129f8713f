"""Every probe is green on a service that is well, and nothing of it stays."""

from dataclasses import replace

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke.carry_over import issue, probe_of
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Run, run_probes
from hotelctl.app.smoke.talk import Broken, Talk, client_of
from tests.app.smoke.conftest import unhurried
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_USERS = "SELECT count(*) FROM users WHERE hotel_id = %s"
_HOTELS = "SELECT id FROM hotels WHERE is_synthetic"


async def test_a_service_that_is_well_passes_them_all_within_their_budgets(run: Run) -> None:
    results = await run_probes(PROBES, run)
    assert [(one["name"], one["status"], one["why"]) for one in results] == [
        (probe.name, "PASS", "") for probe in PROBES
    ]
    assert all(one["seconds"] < one["budget_s"] for one in results)
    assert sum(one["requests"] for one in results) == run.talk.requests
    assert {"login look-up p95", "ticket page p95"} <= {m["name"] for one in results for m in one["measured"]}


async def test_staff_does_what_the_guest_of_the_scan_asked_for(run: Run, owner_url: str) -> None:
    results = await run_probes(unhurried("P3", "P5"), run)
    assert [one["status"] for one in results] == ["PASS", "PASS"]
    with psycopg.connect(owner_url) as connection:
        orders = connection.execute("SELECT id, status, assigned_to FROM work_orders").fetchall()
    assert orders == [(run.order, "in_progress", run.person(Role.STAFF).user_id)]


async def test_one_probe_that_fails_hides_no_other(run: Run, lying: Lying) -> None:
    lying.says("GET", "/readyz", 503)
    lying.says("POST", "/api/auth/logout", 500)
    found = {one["name"]: one["status"] for one in await run_probes(PROBES, run)}
    assert {name for name, status in found.items() if status != "PASS"} == {"P0 identity", "P1 log-in"}


async def test_two_runs_side_by_side_know_nothing_of_each_other(
    run: Run, app: FastAPI, owner_url: str, app_url: str
) -> None:
    issued = await issue(run)
    with prepared(owner_url, app_url, Passwords(8)) as ground:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
        async with client_of("http://127.0.0.1", transport) as client:
            other = Run(Talk(client), ground)
            for probe in PROBES:
                results = [*await run_probes([probe], run), *await run_probes([probe], other)]
                assert [(one["status"], one["why"]) for one in results] == [("PASS", "")] * 2
    # The other run is over and has cleaned up; what this one issued is still good.
    (carried,) = await run_probes([probe_of(issued)], run)
    assert (carried["status"], carried["why"]) == ("PASS", "")
    with psycopg.connect(owner_url) as connection:
        left = {hotel_id for (hotel_id,) in connection.execute(_HOTELS)}
    assert left == {SYNTHETIC_HOTEL_ID, run.ground.hotel_id}


def test_the_hotel_and_the_people_of_a_run_are_gone_with_it(owner_url: str, app_url: str) -> None:
    with prepared(owner_url, app_url, Passwords(8)) as ground, psycopg.connect(owner_url) as connection:
        assert connection.execute(_USERS, (ground.hotel_id,)).fetchone() == (len(ground.people),)
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_USERS, (ground.hotel_id,)).fetchone() == (0,)
        assert connection.execute(_HOTELS).fetchall() == [(SYNTHETIC_HOTEL_ID,)]


def test_a_run_that_stays_is_ended_by_the_one_that_goes_on_in_its_hotel(owner_url: str, app_url: str) -> None:
    with prepared(owner_url, app_url, Passwords(8), stays=True) as ground:
        hotel_id = ground.hotel_id
    for left in (6, 3):
        with prepared(owner_url, app_url, Passwords(8), hotel_id=hotel_id) as again:
            assert again.hotel_id == hotel_id
            with psycopg.connect(owner_url) as connection:
                assert connection.execute(_USERS, (hotel_id,)).fetchone() == (left,)
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_HOTELS).fetchall() == [(SYNTHETIC_HOTEL_ID,)]


def _age(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        for table in ("hotels", "users"):
            aged = f"UPDATE {table} SET created_at = now() - interval '11 minutes'"  # noqa: S608 - two names
            connection.execute(aged.encode())


def test_a_run_that_goes_on_late_finds_its_people_where_it_left_them(owner_url: str, app_url: str) -> None:
    with prepared(owner_url, app_url, Passwords(8), stays=True) as ground:
        hotel_id = ground.hotel_id
    _age(owner_url)
    with (
        prepared(owner_url, app_url, Passwords(8), hotel_id=hotel_id) as again,
        psycopg.connect(owner_url) as connection,
    ):
        known = connection.execute("SELECT id FROM users WHERE hotel_id = %s", (hotel_id,)).fetchall()
        people = {one.user_id for run in (ground, again) for one in run.people.values()}
        assert {found for (found,) in known} == people


def test_what_a_killed_run_left_ten_minutes_ago_goes_with_the_next_one(
    owner_url: str, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = SYNTHETIC_HOTEL_ID
    with monkeypatch.context() as killed:
        killed.setattr("hotelctl.app.smoke.ground._end", lambda *_: None)
        for _ in range(2):
            with prepared(owner_url, app_url, Passwords(8)) as ground:
                left = ground.hotel_id
            _age(owner_url)
    with prepared(owner_url, app_url, Passwords(8)) as ground, psycopg.connect(owner_url) as connection:
        assert left != ground.hotel_id
        assert set(connection.execute(_HOTELS)) == {(SYNTHETIC_HOTEL_ID,), (ground.hotel_id,)}


def test_what_was_issued_for_a_later_check_outlives_runs_in_between(owner_url: str, app_url: str) -> None:
    with prepared(owner_url, app_url, Passwords(8), stays=True) as issued:
        pass
    _age(owner_url)
    with prepared(owner_url, app_url, Passwords(8)), psycopg.connect(owner_url) as connection:
        assert connection.execute(_USERS, (issued.hotel_id,)).fetchone() == (len(issued.people),)


def test_rows_that_stay_fail_the_run(owner_url: str, app_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.app.smoke.ground.upkeep.end_synthetic", lambda *_: 0)
    with (
        pytest.raises(Broken, match=r"rows of the run are left: \{'users': 3\}"),
        prepared(owner_url, app_url, Passwords(8)),
    ):
        pass


_TABLES = """
SELECT c.relname FROM pg_class c
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
# Somebody who tries codes from this machine, a user and a guest.
_OTHERS = """
INSERT INTO rate_limits (bucket, key, window_start, hits)
VALUES ('qr.validate', %s, now(), 3), ('login_ip', %s, now(), 2), ('chat', %s, now(), 1),
       ('login_email', repeat('a', 64), now(), 1), ('export', %s, now(), 0)
"""


def _rows(url: str) -> dict[str, int]:
    """How many rows each table of the database has."""
    with psycopg.connect(url) as connection:
        tables = [table for (table,) in connection.execute(_TABLES.encode()).fetchall()]
        counts = [
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            for table in tables
        ]
    assert {"rate_limits", "stripe_events", "users", "messages"} <= set(tables)
    return dict(zip(tables, [count[0] for count in counts if count], strict=True))


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "beside others"])
@pytest.mark.parametrize("address", ["127.0.0.1", "172.17.0.1"], ids=["here", "from a container's host"])
async def test_a_run_leaves_no_row_in_any_table_and_takes_none_of_others(
    address: str, others: int, hotels: str, app_url: str, app: FastAPI, cheap_passwords: Passwords
) -> None:
    with psycopg.connect(hotels) as connection:
        for _ in range(others):
            connection.execute(_OTHERS, (address, address, str(uuid7()), str(uuid7())))
    before, attempts = _rows(hotels), _attempts(hotels)
    transport = httpx.ASGITransport(app, client=(address, 5000))
    with prepared(hotels, app_url, cheap_passwords) as ground:
        async with client_of("http://127.0.0.1", transport) as client:
            run = Run(Talk(client), ground)
            carried = replace(probe_of(await issue(run)), budget_s=60.0)
            results = await run_probes([*unhurried(*(one.name.split()[0] for one in PROBES)), carried], run)
        assert len(results) == len(PROBES) + 1
        # How fast the database of this machine is, is no matter here.
        failed = [one for one in results if one["status"] != "PASS" and not one["name"].startswith("P6")]
        assert failed == []
        assert _rows(hotels)["rate_limits"] > before["rate_limits"]
    assert _rows(hotels) == before
    assert _attempts(hotels) == attempts


def _attempts(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT bucket, key, hits FROM rate_limits ORDER BY 1, 2").fetchall()
