from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest
from sqlalchemy import text

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.codes import made
from hotelctl.app.smoke.counted import counted, counted_for
from hotelctl.app.smoke.run import Run, run_probes
from tests.app.smoke.conftest import Verdict, unhurried
from tests.app.smoke.lies import Lying
from tests.app.work import order

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_ADMIN, _STAFF = "/api/dashboard/admin", "/api/dashboard/staff"


async def test_figures_that_nobody_counted_are_seen(verdict: Verdict, lying: Lying) -> None:
    made_up = dict.fromkeys(("low", "medium", "high", "overdue"), 0) | {"urgent": 1, "unassigned": 1}
    lying.changes(_ADMIN, tickets={**made_up, "open": 12})
    assert f"FAIL GET {_ADMIN}: tickets.open is 12, the database counts 1" in await verdict("P4")


async def test_every_part_of_the_page_has_its_figures_compared(run: Run) -> None:
    (scanned,) = await run_probes(unhurried("P3"), run)
    assert scanned["status"] == "PASS"
    await made(run)
    with run.ground.owner.begin() as connection:
        connection.execute(text("UPDATE pms_work_order_history SET sync_status = 'failed'"))
    (compared,) = await run_probes(unhurried("P4"), run)
    assert (compared["status"], compared["why"]) == ("PASS", "")
    names = set(counted(run.ground.owner, run.ground.hotel_id))
    assert {name.partition(".")[0] for name in names} == {
        *("conversations", "tickets", "work_orders", "scans", "ai", "active_codes", "failed_syncs", "system")
    }
    assert {"conversations.bot_solved_percent", "conversations.median_first_reply_s", "ai.p95_ms"} <= names


async def test_what_staff_asks_is_counted_neither_by_the_page_nor_by_the_probe(run: Run) -> None:
    async def asked() -> None:
        with run.ground.owner.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO conversations (id, hotel_id, channel, status, handed_off_at, last_seq)"
                    " VALUES (gen_random_uuid(), :hotel, 'staff_web', 'human', now(), 1)"
                ),
                {"hotel": run.ground.hotel_id},
            )

    await asked()
    assert not any(
        name.startswith("conversations.") for name in counted(run.ground.owner, run.ground.hotel_id)
    )
    await made(run)
    await asked()
    (compared,) = await run_probes(unhurried("P4"), run)
    assert (compared["status"], compared["why"]) == ("PASS", "")


async def test_a_figure_that_nobody_counts_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.rewrites(
        "/admin", "<dt>Release</dt>", '<dt>Guests</dt><dd data-figure="guests">31</dd><dt>Release</dt>'
    )
    assert "FAIL GET /admin: guests is 31, the database counts none" in await verdict("P4")


async def test_a_figure_that_the_page_lost_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.rewrites("/admin", 'data-figure="tickets.high"', "")
    assert "FAIL GET /admin: tickets.high is not there, the database counts 0" in await verdict("P4")


async def test_figures_for_staff_are_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", _ADMIN, 200, after=1)
    assert f"FAIL GET {_ADMIN}: answered 200, must be 403" in await verdict("P4")


async def test_work_that_staff_does_not_see_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_STAFF, unassigned_work_orders=[])
    assert "a work order that is nobody's yet is not shown" in await verdict("P5")


async def test_work_that_nobody_counted_is_seen(verdict: Verdict, lying: Lying) -> None:
    made_up = {"open": 9, "unassigned": 1, "mine": 0, "overdue": 0, "done_today": 0}
    lying.changes(_STAFF, work_orders=made_up)
    assert f"FAIL GET {_STAFF}: work_orders.open is 9, the database counts 1" in await verdict("P5")


async def test_work_that_the_page_for_staff_made_up_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.rewrites("/staff", '"work_orders.unassigned">1<', '"work_orders.unassigned">7<')
    told = "FAIL GET /staff: work_orders.unassigned is 7, the database counts 1"
    assert told in await verdict("P5")


async def test_tickets_that_staff_is_told_of_are_counted(run: Run, lying: Lying) -> None:
    (managed,) = await run_probes(unhurried("P4"), run)
    assert managed["status"] == "PASS"
    made_up = dict.fromkeys(("low", "medium", "high", "overdue"), 0) | {"urgent": 1, "unassigned": 1}
    lying.changes(_STAFF, tickets={**made_up, "open": 4})
    (told,) = await run_probes(unhurried("P5"), run)
    assert f"GET {_STAFF}: tickets.open is 4, the database counts 1" in told["why"]


async def test_work_is_counted_for_who_sees_it(run: Run, owner_url: str) -> None:
    own = {"hotel_id": run.ground.hotel_id}
    late = datetime.now(UTC) - timedelta(hours=1)
    order(owner_url, "Leak", kind="maintenance", **own)
    order(owner_url, "Soap", kind="amenity", due_at=late, assigned_to=run.person(Role.STAFF).user_id, **own)
    order(owner_url, "Bed", status="done", completed_at=datetime.now(UTC), **own)
    (shown,) = await run_probes(unhurried("P5"), run)
    assert (shown["status"], shown["why"]) == ("PASS", "")
    figures = counted_for(run.ground.owner, run.ground.hotel_id, run.person(Role.STAFF).user_id)
    numbers = {"open": "2", "unassigned": "0", "mine": "2", "overdue": "1", "done_today": "1"}
    assert figures == {f"work_orders.{name}": value for name, value in numbers.items()}


async def test_a_change_that_is_not_written_down_is_seen(
    verdict: Verdict, lying: Lying, owner_url: str
) -> None:
    def forget(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path.startswith("/staff/work-orders/"):
            with psycopg.connect(owner_url) as connection:
                connection.execute("DELETE FROM pms_work_order_history")
        return response

    lying.lies.append(forget)
    assert "0 changes of status are written down, 0 of them by the tap, must be 1" in await verdict("P5")
