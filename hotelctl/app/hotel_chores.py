"""Chores in hotels that are there: jobs, an erasure request, an export, a hotel to try things in."""

import argparse
import asyncio
import os
import secrets
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from hotelctl.app.chore import Answer, ChoreError, FailedAnswer
from hotelctl.app.owner import owner
from hotelctl.app.services import demo
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME, JOBS
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import DatabaseSettings, EnvironmentSettings, PasswordSettings, load
from hotelctl.app.store import erasure, exporting, upkeep
from hotelctl.app.store.engine import Database

_PRODUCTION = "production"
_SANDBOX = ("one", "other")
# Deleted ones, too: their rows are still there.
_HOTELS = text("SELECT count(*), count(deleted_at) FROM hotels WHERE NOT is_synthetic")
_WORK = text(
    "SELECT t.id, w.id FROM hotels h JOIN tickets t ON t.hotel_id = h.id"
    " JOIN work_orders w ON w.hotel_id = h.id WHERE h.slug = :slug"
    " AND h.deleted_at IS NULL AND t.deleted_at IS NULL AND w.deleted_at IS NULL LIMIT 1"
)


def _hotel(connection: Connection, slug: str) -> UUID:
    hotel_id = upkeep.hotel_by_slug(connection, slug)
    if hotel_id is None:
        raise ChoreError(f"no hotel has the slug {slug}")
    return hotel_id


def codes_sweep(_: argparse.Namespace) -> Answer:
    """Codes that ran out 90 days ago are gone; to be run every day."""
    with owner() as connection:
        return {"codes_removed": upkeep.sweep_codes(connection)}


def jobs_run(arguments: argparse.Namespace) -> Answer:
    """What the jobs did, all of them or the one that is named, in every hotel."""
    url = load(DatabaseSettings).database_url.get_secret_value()
    jobs = JOBS if arguments.name is None else (BY_NAME[arguments.name],)

    async def run() -> dict[str, runner.Counts]:
        db = Database(url, pool_size=1, instance_id="jobs")
        try:
            return {job.name: await runner.run(db, job) for job in jobs}
        finally:
            await db.close()

    found = asyncio.run(run())
    answer: Answer = dict(found)
    if any(counts.get("hotels_failed") for counts in found.values()):
        raise FailedAnswer(answer)
    return answer


def erase_guest(arguments: argparse.Namespace) -> Answer:
    """What was removed of the guests of a room, or of one code; one that nobody knows is refused."""
    with owner() as connection:
        hotel_id = _hotel(connection, arguments.hotel)
        _check_known(connection, hotel_id, arguments)
        return {
            "hotel": arguments.hotel,
            "removed": erasure.erase(connection, hotel_id, room=arguments.room, code_id=arguments.token_id),
        }


def _check_known(connection: Connection, hotel_id: UUID, arguments: argparse.Namespace) -> None:
    """Raises ChoreError where nothing bears the room's label, or no guest's code the id."""
    if arguments.token_id is not None:
        known, what = (
            erasure.has_code(connection, hotel_id, arguments.token_id),
            f"no guest's code in {arguments.hotel} has the id {arguments.token_id}",
        )
    else:
        known, what = (
            erasure.has_room(connection, hotel_id, arguments.room),
            f"nothing in {arguments.hotel} bears the room label {arguments.room!r}",
        )
    if not known:
        raise ChoreError(f"{what}: nothing was erased, unless it was before")


def export_hotel(arguments: argparse.Namespace) -> Answer:
    """How many rows of each table were written, each table as a file of JSON lines in a new directory."""
    out: Path = arguments.out
    if out.exists():
        raise ChoreError(f"{out} exists already")
    half = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        half.mkdir(mode=0o700, parents=True)
        with owner() as connection:
            counts = _write(connection, _hotel(connection, arguments.hotel), half)
        half.rename(out)
    except OSError as error:
        raise ChoreError(f"cannot write {out}: {error.strerror}") from None
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return {"hotel": arguments.hotel, "directory": str(out), "rows": counts}


def _write(connection: Connection, hotel_id: UUID, directory: Path) -> dict[str, int]:
    counts = {}
    for table in exporting.tables(connection):
        descriptor = os.open(directory / f"{table}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            counts[table] = sum(
                file.write(line + "\n") > 0 for line in exporting.lines(connection, table, hotel_id)
            )
    exporting.note(connection, hotel_id, counts)
    return counts


def seed_demo(arguments: argparse.Namespace) -> Answer:
    """A hotel to try things in, with the passwords of its people; never in production."""
    environment = load(EnvironmentSettings).hotel_env
    if environment == _PRODUCTION:
        raise ChoreError("HOTEL_ENV is production: there is no demo in it")
    passwords = Passwords(load(PasswordSettings).password_memory_kib)
    with owner() as connection:
        if upkeep.hotel_by_slug(connection, arguments.slug) is not None:
            raise ChoreError(f"a hotel has the slug {arguments.slug} already")
        people = demo.make(connection, arguments.slug, passwords.hash_now)
    return {"hotel": arguments.slug, "passwords": people}


def seed_sandbox(_: argparse.Namespace) -> Answer:
    """Two hotels with their people and some work, for an instance that nobody keeps; never beside others.

    A manager of each, by name and password, and what the second one has.
    """
    passwords = Passwords(load(PasswordSettings).password_memory_kib)
    with owner() as connection:
        if connection.scalar(_HOTELS):
            raise ChoreError("there are hotels in this database already")
        own, other = (demo.make(connection, slug, passwords.hash_now) for slug in _SANDBOX)
        ticket, order = connection.execute(_WORK, {"slug": _SANDBOX[1]}).one()
    names = [f"manager@{slug}.example" for slug in _SANDBOX]
    return {
        "name": names[0],
        "password": own[names[0]],
        "other_name": names[1],
        "other_password": other[names[1]],
        "other_ticket": str(ticket),
        "other_order": str(order),
    }


def register(chores: Any) -> None:  # noqa: ANN401 - argparse keeps the type of its own to itself
    """The chores have their words on the command line."""
    swept = chores.add_parser("codes", help="codes that ran out long ago: removed").add_subparsers(
        required=True, metavar="action"
    )
    swept.add_parser("sweep", help=codes_sweep.__doc__).set_defaults(chore=codes_sweep)
    jobs = chores.add_parser("jobs", help="work that no request asks for: run").add_subparsers(
        required=True, metavar="action"
    )
    run = jobs.add_parser("run", help=jobs_run.__doc__)
    run.add_argument("name", nargs="?", choices=sorted(BY_NAME), metavar="NAME", help="one of %(choices)s")
    run.set_defaults(chore=jobs_run)
    erase = chores.add_parser("erase-guest", help=erase_guest.__doc__)
    erase.add_argument("--hotel", required=True, help="slug of the hotel")
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument("--room", help="label of the room: all guests that it ever had")
    whom.add_argument("--token-id", type=UUID, help="id of the code that the guest came in with")
    erase.set_defaults(chore=erase_guest)
    export = chores.add_parser("export-hotel", help=export_hotel.__doc__)
    export.add_argument("--hotel", required=True, help="slug of the hotel")
    export.add_argument("--out", required=True, type=Path, help="directory that does not exist yet")
    export.set_defaults(chore=export_hotel)
    seed = chores.add_parser("seed-demo", help=seed_demo.__doc__)
    seed.add_argument("--slug", default="demo")
    seed.set_defaults(chore=seed_demo)
    chores.add_parser("seed-sandbox", help=seed_sandbox.__doc__).set_defaults(chore=seed_sandbox)
