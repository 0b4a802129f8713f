"""Chores that close a hotel: for a while, or for good."""

import argparse
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from hotelctl.app.chore import Answer, ChoreError
from hotelctl.app.owner import owner
from hotelctl.app.store import audit, closing
from hotelctl.app.store.audit import Thing
from hotelctl.app.store.closing import Standing

# How long the rows of a deleted hotel are kept: what the database's own rule says.
_KEPT = timedelta(days=30)
_CONFIRMED = "delete {slug}"


def suspend_hotel(arguments: argparse.Namespace) -> Answer:
    """Since when nobody of a hotel, staff or guest, is let in; its data stays and its retention goes on."""
    slug: str = arguments.slug
    with owner("READ COMMITTED") as connection:
        found = _found(connection, slug)
        since = found.suspended_at
        if since is None:
            since = closing.suspend(connection, found.hotel_id)
            _note(connection, found, "hotel.suspend")
    return {"hotel": slug, "suspended_at": since.isoformat()}


def resume_hotel(arguments: argparse.Namespace) -> Answer:
    """A suspended hotel's staff and guests come in again; sessions that did not run out go on."""
    slug: str = arguments.slug
    with owner("READ COMMITTED") as connection:
        found = _found(connection, slug)
        if found.suspended_at is not None:
            closing.resume(connection, found.hotel_id)
            _note(connection, found, "hotel.resume")
    return {"hotel": slug, "suspended_at": None}


def delete_hotel(arguments: argparse.Namespace) -> Answer:
    """A hotel is gone for everybody; 30 days later its rows are, too. There is no way back."""
    slug: str = arguments.slug
    wanted = _CONFIRMED.format(slug=slug)
    if arguments.confirm != wanted:
        raise ChoreError(
            f"nothing was deleted: say --confirm '{wanted}', and take its data along before"
            f" (export-hotel --hotel {slug} --out DIRECTORY)"
        )
    with owner("READ COMMITTED") as connection:
        found = _found(connection, slug)
        deleted_at = closing.delete(connection, found.hotel_id)
        _note(connection, found, "hotel.delete")
    kept_until = deleted_at + _KEPT
    return {"hotel": slug, "deleted_at": deleted_at.isoformat(), "rows_kept_until": kept_until.isoformat()}


def _found(connection: Connection, slug: str) -> Standing:
    """The hotel. Raises ChoreError where there is none, and for one of the probes, which a deploy needs."""
    found = closing.standing(connection, slug)
    if found is None:
        raise ChoreError(f"no hotel has the slug {slug}")
    if found.is_synthetic:
        raise ChoreError(f"{slug} is the hotel of the probes: without it no deploy can be checked")
    return found


def _note(connection: Connection, found: Standing, action: str) -> None:
    audit.note_as_owner(connection, found.hotel_id, action, Thing("hotel", found.hotel_id))


def register(chores: Any) -> None:  # noqa: ANN401 - argparse keeps the type of its own to itself
    """The chores have their words on the command line."""
    for name, chore in (("suspend-hotel", suspend_hotel), ("resume-hotel", resume_hotel)):
        one = chores.add_parser(name, help=chore.__doc__)
        one.add_argument("--slug", required=True, help="slug of the hotel")
        one.set_defaults(chore=chore)
    gone = chores.add_parser("delete-hotel", help=delete_hotel.__doc__)
    gone.add_argument("--slug", required=True, help="slug of the hotel")
    gone.add_argument("--confirm", default="", metavar="TEXT", help="the words 'delete SLUG'")
    gone.set_defaults(chore=delete_hotel)
