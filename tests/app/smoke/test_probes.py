"""Every probe is green on a service that is well, and nothing of it stays."""

import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Run, run_probes
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_USERS = "SELECT count(*) FROM users WHERE hotel_id = %s"


async def test_a_service_that_is_well_passes_them_all_within_their_budgets(run: Run) -> None:
    results = await run_probes(PROBES, run)
    assert [(one["name"], one["status"], one["why"]) for one in results] == [
        (probe.name, "PASS", "") for probe in PROBES
    ]
    assert all(one["seconds"] < one["budget_s"] for one in results)
    assert sum(one["requests"] for one in results) == run.talk.requests
    assert {"login look-up p95", "ticket page p95"} <= {m["name"] for one in results for m in one["measured"]}


async def test_one_probe_that_fails_hides_no_other(run: Run, lying: Lying) -> None:
    lying.says("GET", "/readyz", 503)
    lying.says("POST", "/api/auth/logout", 500)
    found = {one["name"]: one["status"] for one in await run_probes(PROBES, run)}
    assert {name for name, status in found.items() if status != "PASS"} == {"P0 identity", "P1 log-in"}


def test_the_people_of_a_run_are_gone_with_it(owner_url: str, app_url: str) -> None:
    with prepared(owner_url, app_url, Passwords(8)) as ground, psycopg.connect(owner_url) as connection:
        assert len(ground.people) == connection.execute(_USERS, (SYNTHETIC_HOTEL_ID,)).fetchone()[0]  # type: ignore[index]  # count always has a row
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_USERS, (SYNTHETIC_HOTEL_ID,)).fetchone() == (0,)
