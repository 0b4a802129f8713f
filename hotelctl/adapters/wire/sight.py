"""What the sessions of one database see of its catalogue, read again only where it may have changed."""

from hotelctl.adapters.wire.observer import Observer
from hotelctl.adapters.wire.questions import CATALOGUE_WITHIN, GIVE_UP
from hotelctl.adapters.wire.session import Session
from hotelctl.facts.catalogue import Catalogue


class Sight:
    """Nobody else changes the database: what is committed is what the last session left that changed it."""

    def __init__(self, observer: Observer) -> None:
        """Nothing is known yet."""
        self._observer = observer
        self._committed: Catalogue | None = None
        self._latest: Session | None = None

    def committed(self) -> Catalogue:
        """What everybody sees, asked anew."""
        self._committed = self._observer.catalogue()
        return self._committed

    def is_latest(self, session: Session) -> bool:
        """Whether no other session has looked, and none has changed anything for all, since this one did."""
        return self._latest is session

    def within(self, session: Session, *, wrote: bool) -> Catalogue | None:
        """What the session sees; None where another one has locked what has to be read for it.

        A transaction that has written nothing (`wrote`) sees what everybody sees.
        """
        self._latest = session
        if not wrote and self._committed is not None:
            return self._committed
        found = session.ask(CATALOGUE_WITHIN)
        if not found.broken:
            return self._observer.read(found.value or "")
        session.ask(GIVE_UP)
        return None

    def ended(self, session: Session, left: Catalogue | None) -> None:
        """A transaction that may have changed the catalogue is committed; it saw `left` at its end."""
        self._committed = left if self.is_latest(session) else None
        self._latest = None

    def forget(self) -> None:
        """Somebody may have changed something out of sight."""
        self._committed = self._latest = None
