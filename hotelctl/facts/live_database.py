"""The database that the release works with, as its owner sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A database role's attributes; all False and empty for one that does not exist."""

    name: str
    exists: bool = False
    can_log_in: bool = False
    superuser: bool = False
    bypasses_rls: bool = False
    owns: tuple[str, ...] = ()
    member_of_owner: bool = False


@dataclass(frozen=True, slots=True)
class LiveDatabase:
    """`revisions`: what it says of itself; `objects`: what anybody made there, as `table public.rooms`.

    `objects` are relations, functions and types, without what extensions brought, what belongs to another
    of them, and the ledger of our own migrations.
    """

    name: str
    server_version: str
    owner: Role
    revisions: tuple[str, ...]
    objects: tuple[str, ...]
    runtime: Role | None = None


@dataclass(frozen=True, slots=True)
class DatabaseStand:
    """The database where it could be asked; else `why` it could not, empty where the service names none."""

    live: LiveDatabase | None
    why: str = ""
