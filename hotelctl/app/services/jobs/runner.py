"""Runs a job for every hotel, each in a short transaction that holds the job's lock for that hotel.

The lock ends with its transaction, so that it holds through a pooler, too. Who does not get it leaves the
hotel to whoever has it: two releases at once do nothing twice.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.logs import Event, log
from hotelctl.app.store import hotels, limits
from hotelctl.app.store.engine import Database

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """What is done for one hotel in its transaction, and how often it may be done."""

    name: str
    every_s: int
    work: Callable[[AsyncSession, UUID], Awaitable[Counts]]
    synthetic: bool = False
    """Whether the hotel of the probes has it done, too."""
    for_all: Callable[[AsyncSession], Awaitable[Counts]] | None = None
    """What is done before, once for all hotels, in a transaction that sees none."""


async def run(db: Database, job: Job, *, gives_way: bool = False) -> Counts:
    """What was done in all hotels; a hotel in which it failed is counted under `hotels_failed` and logged.

    Where it `gives_way`, it rests after each hotel as long as that took: half of the time is left to
    whoever asks meanwhile, and more the longer the database takes.
    """
    async with db.transaction() as session:
        await limits.sweep(session)
        found = await hotels.live(session, synthetic=job.synthetic)
    total = Counter({"hotels": 0})
    for hotel_id in (None, *found):
        began_s = time.perf_counter()
        try:
            total.update(await (_run_for_all(db, job) if hotel_id is None else _run_for(db, job, hotel_id)))
        except SQLAlchemyError as error:
            of_hotel = {} if hotel_id is None else {"hotel_id": str(hotel_id)}
            log().error(Event.JOB_FAILED, msg="job failed", job=job.name, **of_hotel, exc_info=error)
            total["hotels_failed"] += 1
        if gives_way:
            await asyncio.sleep(time.perf_counter() - began_s)
    return dict(total)


async def _run_for_all(db: Database, job: Job) -> Counts:
    if job.for_all is None:
        return {}
    async with db.transaction() as session:
        return await job.for_all(session)


async def _run_for(db: Database, job: Job, hotel_id: UUID) -> Counts:
    async with db.transaction(hotel_id) as session:
        if not await hotels.try_lock(session, f"{job.name} {hotel_id}"):
            return {"hotels_busy": 1}
        return {"hotels": 1, **await job.work(session, hotel_id)}


async def keep_running(
    db: Database, jobs: tuple[Job, ...], pause_s: float, may_run: Callable[[], Awaitable[bool]]
) -> None:
    """Runs each job whenever its time has come, until cancelled; while the database is away, nothing."""
    due = dict.fromkeys((job.name for job in jobs), 0.0)
    while True:
        # Instances that were started at once shall not all ask at once.
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        for job in jobs:
            if time.monotonic() >= due[job.name] and await may_run():
                due[job.name] = time.monotonic() + job.every_s
                await _run_logged(db, job)


async def _run_logged(db: Database, job: Job) -> None:
    began_s = time.perf_counter()
    try:
        counts = await run(db, job, gives_way=True)
    except (SQLAlchemyError, OSError) as error:
        log().error(Event.JOB_FAILED, msg="job failed", job=job.name, exc_info=error)
        return
    if any(value for name, value in counts.items() if name != "hotels"):
        took_ms = round((time.perf_counter() - began_s) * 1000)
        log().info(Event.JOB_DONE, msg=f"job {job.name} done", job=job.name, counts=counts, dur_ms=took_ms)
