"""Roles of hotel staff and what each one may do: explicit per role, nothing inherited by level."""

from enum import StrEnum


class Role(StrEnum):
    """Roles a user can have; order is rank, and only rank decides who may manage whom."""

    STAFF = "staff"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"
    OWNER = "owner"


_STAFF = frozenset(
    {
        "chat.use",
        "conversations.read",
        "conversations.reply",
        "conversations.takeover",
        "tickets.create",
        "tickets.read",
        "workorders.create",
        "workorders.read",
        "workorders.update",
        "kb.read",
    }
)
_SUPERVISOR = _STAFF | {
    "tickets.update",
    "tickets.assign",
    "tickets.close",
    "workorders.assign",
    "qr.read",
    "qr.manage",
    "ai.run",
    "users.read",
}
_MANAGER = _SUPERVISOR | {"kb.manage", "qr.manage_staff", "analytics.read", "audit.read", "guests.pii.read"}
_ADMIN = _MANAGER | {"ai.config", "users.manage", "export.create", "settings.manage"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.STAFF: _STAFF,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {"billing.manage"},
}
