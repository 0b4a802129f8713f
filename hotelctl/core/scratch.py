"""Throw-away databases, as a port."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol


class LaterDatabase(Protocol):
    """A throw-away database that may not be there yet."""

    @property
    def url(self) -> str:
        """The owner's URL that it has or would have; nothing is made."""
        ...

    def made(self) -> str:
        """The owner's URL; the database is there. Several may ask at once.

        Raises:
            Unavailable, StepFailed: it cannot be made.

        """
        ...


class OverheardDatabase(Protocol):
    """A throw-away database on a server that writes down what it is asked."""

    @property
    def url(self) -> str:
        """The owner's URL."""
        ...

    def log(self) -> bytes:
        """What the server wrote since, up to a limit: values stand in it as they came."""
        ...


class ScratchDatabases(Protocol):
    """Throw-away databases: beside the given server's, else on an embedded throw-away server."""

    def apart(
        self, purpose: str, *, roles_of: str | None = None, offering: Collection[str] = ()
    ) -> AbstractContextManager[str]:
        """The same, never on the service's server: for what may make roles, load and mistakes there.

        The roles of the server `roles_of` are there and may do what they may do, where one is given. The
        extensions `offering` can be created there.

        Raises:
            NotOffered: they cannot, nor on a server in a container.
            Unavailable: after the block, where a container that it was in ended meanwhile.

        """
        ...

    def prepare(self, *, roles_of: str) -> None:
        """The server that `apart` will ask is there or on its way; where it cannot be, `apart` says why."""
        ...

    def overheard(self, purpose: str) -> AbstractContextManager[OverheardDatabase]:
        """As `apart`; what its server is asked meanwhile, in every database, can be read."""
        ...

    def on(self, server: str, purpose: str, *, roles_of: str | None = None) -> AbstractContextManager[str]:
        """The same on a server that somebody gave for it; its role may create databases and roles.

        The roles of the server `roles_of` that are not there are there meanwhile, where one is given.
        """
        ...

    def major(self, near: int) -> int | None:
        """The major version of the server that `apart` gives for one of version `near`; nothing is started.

        None where there is none.
        """
        ...

    def scratch(self, purpose: str, *, offering: Collection[str] = ()) -> AbstractContextManager[str]:
        """The owner URL of a new empty database that is gone afterwards.

        Where it is not on the service's server, that one offers the extensions `offering`, as by `apart`.
        """
        ...

    def later(self, purpose: str) -> AbstractContextManager[LaterDatabase]:
        """One as from `apart` that is made when somebody asks for it first, and never when nobody does."""
        ...
