import asyncio
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.runner import Counts, Job
from hotelctl.app.services.service import Service
from hotelctl.app.store import hotels as hotel_store
from tests.app.people import HOTEL_A, HOTEL_B

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


async def _count_users(session: AsyncSession, _: UUID) -> Counts:
    return {"users": (await session.execute(text("SELECT count(*) FROM users"))).scalar_one()}


async def _fail_in_the_first(session: AsyncSession, hotel_id: UUID) -> Counts:
    await session.execute(text("SELECT 1 / :zero"), {"zero": 0 if hotel_id == HOTEL_A else 1})
    return {"done": 1}


async def test_each_hotel_is_done_for_itself_and_the_probes_one_only_if_asked(service: Service) -> None:
    job = Job("test", 1, _count_users)
    assert await runner.run(service.db, job) == {"hotels": 2, "users": 4}
    assert (await runner.run(service.db, Job("test", 1, _count_users, synthetic=True)))["hotels"] == 3


async def test_what_somebody_else_is_doing_is_left_to_them(service: Service) -> None:
    async with service.db.transaction(HOTEL_B) as session:
        assert await hotel_store.try_lock(session, f"test {HOTEL_B}")
        counts = await runner.run(service.db, Job("test", 1, _count_users))
    assert counts == {"hotels": 1, "users": 2, "hotels_busy": 1}
    assert (await runner.run(service.db, Job("test", 1, _count_users)))["hotels"] == 2


async def test_a_failure_in_one_hotel_stops_no_other(service: Service) -> None:
    counts = await runner.run(service.db, Job("test", 1, _fail_in_the_first))
    assert counts == {"hotels": 1, "done": 1, "hotels_failed": 1}


async def test_jobs_run_when_their_time_has_come_and_the_instance_may(service: Service, hotels: str) -> None:
    ran, allowed = asyncio.Event(), False

    async def note(_: AsyncSession, __: UUID) -> Counts:
        ran.set()
        return {}

    async def may_run() -> bool:
        return allowed

    jobs = (Job("broken", 1, _fail_in_the_first), Job("test", 3600, note))
    task = asyncio.create_task(runner.keep_running(service.db, jobs, 0.01, may_run))
    await asyncio.sleep(0.1)
    assert not ran.is_set()
    allowed = True
    await asyncio.wait_for(ran.wait(), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with psycopg.connect(hotels) as connection:
        # The server may be one at which other tests work in databases of their own.
        held = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert connection.execute(held).fetchone() == (0,)


async def test_jobs_of_an_instance_leave_half_of_the_time_to_requests(service: Service) -> None:
    works, done = list[tuple[float, float]](), asyncio.Event()
    clock = asyncio.get_running_loop()

    async def work(_: AsyncSession, __: UUID) -> Counts:
        began_s = clock.time()
        await asyncio.sleep(0.3)
        works.append((began_s, clock.time()))
        if len(works) == 2:
            done.set()
        return {}

    async def may_run() -> bool:
        return True

    task = asyncio.create_task(runner.keep_running(service.db, (Job("test", 3600, work),), 0.01, may_run))
    await asyncio.wait_for(done.wait(), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (began_s, ended_s), (next_s, _) = works
    assert next_s - ended_s >= (ended_s - began_s) * 0.9
