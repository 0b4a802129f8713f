"""What probes stand on: people of the synthetic hotel with passwords of this run, and the database behind."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.permissions import Role
from hotelctl.app.migrate import owner_engine
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.store import upkeep
from hotelctl.app.store.upkeep import NewUser

# Two runs at once would remove each other's rows.
_ALONE = 7_201_943_377
_ALONE_WAIT = "30s"
ROLES = (Role.MANAGER, Role.STAFF)
# What probes do wrong on purpose counts for this machine; deploys must not lock its people out.
_FORGIVE = text(
    "UPDATE rate_limits SET hits = hits - 1"
    " WHERE bucket = :bucket AND key IN ('127.0.0.1', '::1') AND hits > 0"
)
# Staff sees the work of its department.
_WORKS = text("UPDATE users SET department = 'housekeeping' WHERE id = :id AND deleted_at IS NULL")
_TENANT = text("SELECT set_config('app.hotel_id', :id, true)")


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the synthetic hotel."""

    user_id: UUID
    email: str
    password: str = field(repr=False)
    role: Role


@dataclass(frozen=True, slots=True)
class Ground:
    """The owner's and the instance's own way into the database, and the people of this run."""

    owner: Engine
    runtime: Engine
    people: Mapping[Role, Person]

    def forgive(self, bucket: str) -> None:
        """One attempt of this machine is taken back."""
        with self.owner.begin() as connection:
            connection.execute(_FORGIVE, {"bucket": bucket})

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
    owner_url: str, runtime_url: str, passwords: Passwords, *, stays: bool = False
) -> Iterator[Ground]:
    """The ground, alone on this database; all rows of the synthetic hotel are gone afterwards.

    With `stays` they are left for a later run, which removes them.
    """
    owner, runtime = owner_engine(owner_url), owner_engine(runtime_url)
    try:
        with owner.connect() as guard:
            guard.execute(text(f"SET lock_timeout = '{_ALONE_WAIT}'"))
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ALONE})
            guard.commit()
            try:
                yield Ground(owner, runtime, _people(owner, passwords))
            finally:
                if not stays:
                    with owner.begin() as connection:
                        upkeep.purge_synthetic(connection)
    finally:
        runtime.dispose()
        owner.dispose()


def _people(owner: Engine, passwords: Passwords) -> dict[Role, Person]:
    made = {}
    run = secrets.token_hex(4)
    with owner.begin() as connection:
        upkeep.sweep_leftovers(connection)
        for role in ROLES:
            email, password = f"{role}-{run}@synthetic.invalid", secrets.token_urlsafe(32)
            user = NewUser(
                SYNTHETIC_HOTEL_ID,
                email,
                f"Probe {run}",
                role,
                passwords.hash_now(password),
                must_change_password=False,
            )
            made[role] = Person(upkeep.add_user(connection, user), email, password, role)
        connection.execute(_WORKS, {"id": made[Role.STAFF].user_id})
    return made
