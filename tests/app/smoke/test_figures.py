import httpx
import psycopg
import pytest

from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_ADMIN, _STAFF = "/api/dashboard/admin", "/api/dashboard/staff"


async def test_figures_that_nobody_counted_are_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_ADMIN, tickets={"open": 12, "urgent": 1, "unassigned": 1})
    assert f"FAIL GET {_ADMIN}: tickets.open is 12, the database counts 1" in await verdict("P4")


async def test_figures_for_staff_are_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", _ADMIN, 200, after=1)
    assert f"FAIL GET {_ADMIN}: answered 200, must be 403" in await verdict("P4")


async def test_work_that_staff_does_not_see_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes(_STAFF, unassigned_work_orders=[])
    assert "a work order that is nobody's yet is not shown" in await verdict("P5")


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
