"""Who talks to the assistant, and what the assistant may do in that person's name."""

from dataclasses import dataclass
from uuid import UUID

from hotelctl.app.domain.permissions import ASSISTANT
from hotelctl.app.domain.principal import Principal

GUEST_AUDIENCE, STAFF_AUDIENCE = ("guest",), ("guest", "staff")


@dataclass(frozen=True, slots=True)
class Asker:
    """A guest (by session) or a member of staff (by user); the room is the session's, never the text's."""

    hotel_id: UUID
    permissions: frozenset[str]
    session_id: UUID | None = None
    user_id: UUID | None = None
    room_label: str | None = None
    who: Principal | None = None
    """The caller of the request, for the trail of who did what."""

    @classmethod
    def of(cls, who: Principal) -> "Asker":
        """The caller of a request."""
        return cls(who.hotel_id, frozenset(who.grants), who.session_id, who.user_id, who.room_label, who)

    @property
    def is_guest(self) -> bool:
        """Whether this is a guest's session."""
        return self.user_id is None

    @property
    def key(self) -> str:
        """What limits are counted by."""
        return str(self.user_id or self.session_id)

    @property
    def audience(self) -> tuple[str, ...]:
        """Whose entries may be shown."""
        return GUEST_AUDIENCE if self.is_guest else STAFF_AUDIENCE

    @property
    def agent_permissions(self) -> frozenset[str]:
        """What the assistant may do for this person."""
        return self.permissions & ASSISTANT
