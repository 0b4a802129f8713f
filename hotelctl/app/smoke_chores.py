"""Chores around smoke workflows that others run: a hotel and a manager of their own, and both gone again."""

import argparse
import json
import secrets
import sys
from uuid import UUID

from sqlalchemy.engine.interfaces import IsolationLevel

from hotelctl.app.chore import Answer, ChoreError, owner
from hotelctl.app.domain.ids import is_synthetic, synthetic_hotel_id
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import PasswordSettings, load
from hotelctl.app.store import upkeep
from hotelctl.app.store.upkeep import NewUser

# Somebody else may end the same leftovers at the same time; then there is nothing to be done.
_AS_OTHERS_LEAVE_IT: IsolationLevel = "READ COMMITTED"


def prepare(_: argparse.Namespace) -> Answer:
    """The manager of a new synthetic hotel, with a random password; what old runs left is gone."""
    hotel_id = synthetic_hotel_id()
    email, password = f"probe-{secrets.token_hex(8)}@synthetic.invalid", secrets.token_urlsafe(32)
    password_hash = Passwords(load(PasswordSettings).password_memory_kib).hash_now(password)
    user = NewUser(hotel_id, email, "Probe", Role.MANAGER, password_hash, must_change_password=False)
    with owner(_AS_OTHERS_LEAVE_IT) as connection:
        for expired in upkeep.expired_runs(connection):
            upkeep.end_synthetic(connection, expired)
        upkeep.add_synthetic_hotel(connection, hotel_id)
        upkeep.add_user(connection, user)
    return {"hotel_id": str(hotel_id), "email": email, "password": password}


def cleanup(_: argparse.Namespace) -> Answer:
    """No row is left of the run whose `prepare` stands on stdin, nor of runs of ten minutes ago."""
    own = _prepared("" if sys.stdin.isatty() else sys.stdin.read())
    with owner(_AS_OTHERS_LEAVE_IT) as connection:
        over = dict.fromkeys((*own, *upkeep.expired_runs(connection)))
        removed = sum(upkeep.end_synthetic(connection, hotel_id) for hotel_id in over)
        left = {str(hotel_id): rows for hotel_id in over if (rows := upkeep.rows_of(connection, hotel_id))}
    if left:
        raise ChoreError(f"rows of synthetic hotels are left: {left}")
    return {"rows_removed": removed, "rows_left": 0}


def _prepared(printed: str) -> tuple[UUID, ...]:
    """The hotel of the run; none where nothing was prepared. Raises ChoreError."""
    if printed.strip() in {"", "{}"}:
        return ()
    try:
        hotel_id = UUID(json.loads(printed)["hotel_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ChoreError("stdin must hold what smoke prepare printed, or nothing") from None
    if not is_synthetic(hotel_id):
        raise ChoreError(f"hotel {hotel_id} is not synthetic")
    return (hotel_id,)
