"""How many connections the service may open, and how many its database has for it."""

from dataclasses import dataclass

from hotelctl.core.finding import Location

INSTANCES = 2
"""While traffic moves, the old release and the new one are both connected."""

CHORES = 5
"""Connections for migrations, smoke programs, backups and whoever looks."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What bounds the connections: `name` in PostgreSQL's words, `room` is what it leaves to the service."""

    name: str
    room: int


@dataclass(frozen=True, slots=True)
class ConnectionRoom:
    """`pool_size` of one instance, as `place` says, and every limit of the server, the tightest first.

    `taken` are connections of others, which the limits have left out already.
    """

    database: str
    pool_size: int
    place: Location
    limits: tuple[Limit, ...]
    taken: int

    @property
    def needed(self) -> int:
        """What a deploy may open at its height."""
        return INSTANCES * self.pool_size + CHORES


def limits(
    *, most: int, reserved: int, taken: int, database: int, role: int, role_name: str
) -> tuple[Limit, ...]:
    """The limits in force, the tightest first; a limit of -1 is none, as PostgreSQL says it."""
    found = [Limit("max_connections", most - reserved - taken)]
    found += [Limit("the database's CONNECTION LIMIT", database)] if database >= 0 else []
    found += [Limit(f"the CONNECTION LIMIT of {role_name}", role)] if role >= 0 else []
    return tuple(sorted(found, key=lambda one: one.room))
