"""What probes stand on: a hotel of this run alone, people of it, and the database behind.

Runs know nothing of one another: whatever another one does or leaves is in another hotel.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text

from hotelctl.app.domain.ids import SYNTHETIC_DOMAIN, synthetic_hotel_id
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke import attempts
from hotelctl.app.smoke.talk import Broken
from hotelctl.app.store import upkeep
from hotelctl.app.store.engine import driver_url
from hotelctl.app.store.upkeep import NewUser

ROLES = (Role.MANAGER, Role.STAFF, Role.OWNER)
_CONNECT_TIMEOUT_S = 10
# Staff sees the work of its department.
_WORKS = text("UPDATE users SET department = 'housekeeping' WHERE id = :id AND deleted_at IS NULL")
_TENANT = text("SELECT set_config('app.hotel_id', :id, true)")


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the run's hotel."""

    user_id: UUID
    email: str
    password: str = field(repr=False)
    role: Role


@dataclass(frozen=True, slots=True)
class Ground:
    """The owner's and the instance's own way into the database, and the hotel and people of this run."""

    owner: Engine
    runtime: Engine
    hotel_id: UUID
    people: Mapping[Role, Person]

    def forgive(self, bucket: str, counted_as: Callable[[str], str] = str) -> None:
        """One attempt of this machine is taken back: deploys must not lock its people out."""
        with self.owner.begin() as connection:
            attempts.forgive(connection, self.hotel_id, bucket, counted_as)

    @contextmanager
    def as_instance(self, hotel_id: UUID | None) -> Iterator[Connection]:
        """A transaction as the instance has it; nothing of it stays."""
        with self.runtime.connect() as connection:
            if hotel_id is not None:
                connection.execute(_TENANT, {"id": str(hotel_id)})
            yield connection
            connection.rollback()


@contextmanager
def prepared(
    owner_url: str,
    runtime_url: str,
    passwords: Passwords,
    *,
    hotel_id: UUID | None = None,
    stays: bool = False,
) -> Iterator[Ground]:
    """The ground, in a new hotel or in that of an earlier run; afterwards it is gone with all its rows.

    With `stays` it is left for a later run within twelve hours, which ends it. Raises Broken where rows
    are left.
    """
    owner, runtime = _engine(owner_url), _engine(runtime_url)
    at_work = hotel_id or synthetic_hotel_id()
    try:
        with owner.begin() as connection:
            for expired in upkeep.expired_runs(connection, but=at_work):
                _remove(connection, expired)
            upkeep.add_synthetic_hotel(connection, at_work, stays=stays)
        try:
            yield Ground(owner, runtime, at_work, _people(owner, at_work, passwords))
        finally:
            if not stays:
                _end(owner, at_work)
    finally:
        runtime.dispose()
        owner.dispose()


def _engine(url: str) -> Engine:
    """Keeps its connection: probes have many short questions."""
    arguments = {"application_name": "hotel-assistant probes", "connect_timeout": _CONNECT_TIMEOUT_S}
    return create_engine(driver_url(url), pool_size=1, connect_args=arguments)


def _end(owner: Engine, hotel_id: UUID) -> None:
    with owner.begin() as connection:
        _remove(connection, hotel_id)
        left = upkeep.rows_of(connection, hotel_id)
    if left:
        raise Broken(f"rows of the run are left: {left}")


def _remove(connection: Connection, hotel_id: UUID) -> None:
    attempts.forget(connection, hotel_id)
    upkeep.end_synthetic(connection, hotel_id)


def _people(owner: Engine, hotel_id: UUID, passwords: Passwords) -> dict[Role, Person]:
    made = {}
    run = secrets.token_hex(4)
    with owner.begin() as connection:
        for role in ROLES:
            email, password = f"{role}-{run}@{SYNTHETIC_DOMAIN}", secrets.token_urlsafe(32)
            user = NewUser(
                hotel_id,
                email,
                f"Probe {run}",
                role,
                passwords.hash_now(password),
                must_change_password=False,
            )
            made[role] = Person(upkeep.add_user(connection, user), email, password, role)
        connection.execute(_WORKS, {"id": made[Role.STAFF].user_id})
    return made
