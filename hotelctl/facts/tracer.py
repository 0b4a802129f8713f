"""Standing between a client and its throw-away database, as a port."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Every probe is given a tracer, and few ask it.
    from hotelctl.facts.catalogue import Catalogue
    from hotelctl.facts.implied_statements import Asked, Tried
    from hotelctl.facts.migration_trace import Trace
    from hotelctl.facts.old_code import Spoken


class Watched(Protocol):
    """Whoever connects by `url` is watched."""

    @property
    def url(self) -> str:
        """The database, by way of whoever watches."""
        ...

    @property
    def before(self) -> "Catalogue":
        """What was there when the watching began."""
        ...

    def traces(self) -> tuple["Trace", ...]:
        """What was done so far: one run, or one for each revision where they were watched apart."""
        ...


class Recorded(Protocol):
    """Whoever connects by `url` is listened to."""

    @property
    def url(self) -> str:
        """The database, by way of whoever listens."""
        ...

    def said(self) -> tuple["Spoken", ...]:
        """Every statement so far and how it ended."""
        ...


class Prepared(Protocol):
    """A session that prepared statements and is still open; it holds no lock between questions."""

    @property
    def first(self) -> tuple["Tried", ...]:
        """How each ended when it was planned at once."""
        ...

    def again(self) -> tuple["Tried", ...]:
        """How each ends now. Raises `Unavailable` when somebody ended the session."""
        ...


class Awaited(Protocol):
    """Whoever connects by `url` is refused."""

    @property
    def url(self) -> str:
        """A database that is none."""
        ...

    @property
    def came(self) -> bool:
        """Whether anybody came there and asked for the database that `url` names."""
        ...


class Tracer(Protocol):
    """Watches what migrations do to a throw-away database."""

    def watched(
        self,
        url: str,
        *,
        apart: bool,
        rows: int,
        many: Mapping[str, int] | None = None,
        plain: bool = False,
        entry: str | None = None,
    ) -> AbstractContextManager[Watched]:
        """A way to the database, open until the block ends; empty tables get so many made-up rows.

        `url` is a superuser's. The way leads in as the role of `entry`, where that URL of it is given.
        `many` says by the name of a table how many it gets instead. With `plain` no value is missing and none
        is there twice, where the type lets them differ.

        Raises:
            Unavailable: the server does not answer.

        """
        ...

    def recorded(self, url: str) -> AbstractContextManager[Recorded]:
        """A way to the database on which statements are noted and not held up. Raises as `watched` does."""
        ...

    def awaited(self) -> AbstractContextManager[Awaited]:
        """A way by a socket of this machine at whose end everybody is refused, open until the block ends."""
        ...

    def tried(self, url: str, statements: Sequence["Asked"], role: str | None) -> tuple["Tried", ...]:
        """How each statement ends there as `role`, None as the owner; nothing of it stays.

        Raises:
            Unavailable: the server does not answer.

        """
        ...

    def prepared(
        self, url: str, statements: Sequence[str], role: str | None
    ) -> AbstractContextManager[Prepared]:
        """A session as `role` that has prepared them, open until the block ends; they are never run.

        Raises:
            Unavailable: the server does not answer.

        """
        ...
