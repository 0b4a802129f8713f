"""Who is behind a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hotelctl.app.domain.permissions import Department, Role, Scope, grants


class SubjectKind(StrEnum):
    """A member of staff, or a guest who came in with a code."""

    USER = "user"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, or a guest's session; `hotel_id` is the only hotel that the request may touch."""

    kind: SubjectKind
    hotel_id: UUID
    user_id: UUID | None
    """None for a guest."""
    session_id: UUID
    """Of a guest and of a cookie the row's id; of an access token the family of its log-in."""
    role: Role
    department: Department
    room_label: str | None
    """A guest's room."""
    expires_at: datetime
    ends_at: datetime | None = None
    """When the session is over however often it is used; None where a token is renewed instead."""
    must_change_password: bool = False
    """Whether the own password has to be chosen before anything else."""

    @property
    def subject_id(self) -> UUID:
        """The user, else the guest's session."""
        return self.user_id or self.session_id

    @property
    def grants(self) -> Mapping[str, Scope]:
        """What may be done and how far."""
        return grants(self.role, self.department)

    def scope(self, permission: str) -> Scope | None:
        """How far the permission reaches; None where it is not held."""
        return self.grants.get(permission)

    def may(self, permission: str) -> bool:
        """Whether the permission is held, however far it reaches."""
        return permission in self.grants
