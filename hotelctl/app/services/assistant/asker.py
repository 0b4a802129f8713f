"""Who talks to the assistant, and what the assistant may do in that person's name."""

from dataclasses import dataclass
from uuid import UUID

# All that the assistant could ever do; of it only what the person may do as well. A guest makes no work
# order by hand, but may confirm one that the assistant proposes for the own room.
AGENT_PERMISSIONS = frozenset(
    {"chat.use", "tickets.create", "workorders.create", "workorders.request", "kb.read"}
)
GUEST_AUDIENCE, STAFF_AUDIENCE = ("guest",), ("guest", "staff")


@dataclass(frozen=True, slots=True)
class Asker:
    """A guest (by session) or a member of staff (by user); the room is the session's, never the text's."""

    hotel_id: UUID
    permissions: frozenset[str]
    session_id: UUID | None = None
    user_id: UUID | None = None
    room_label: str | None = None
    guest_name: str | None = None

    @property
    def is_guest(self) -> bool:
        """Whether this is a guest's session."""
        return self.user_id is None

    @property
    def key(self) -> str:
        """What limits are counted by."""
        return str(self.session_id if self.user_id is None else self.user_id)

    @property
    def audience(self) -> tuple[str, ...]:
        """Whose entries may be shown."""
        return GUEST_AUDIENCE if self.is_guest else STAFF_AUDIENCE

    @property
    def agent_permissions(self) -> frozenset[str]:
        """What the assistant may do for this person."""
        return self.permissions & AGENT_PERMISSIONS
