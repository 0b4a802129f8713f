"""The one registry of who may do what: frozen, explicit for each role, nothing inherited by rank.

Rank only decides who may give a role to whom, or manage whom: strictly lower ones.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Roles in order of rank; a guest is no user of the hotel."""

    GUEST = "guest"
    STAFF = "staff"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """0 for a guest, 5 for an owner."""
        return list(Role).index(self)


class Department(StrEnum):
    """Where a member of staff works."""

    GENERAL = "general"
    RECEPTION = "reception"
    HOUSEKEEPING = "housekeeping"
    MAINTENANCE = "maintenance"


class Scope(StrEnum):
    """How far a permission reaches: everything of the hotel or less."""

    ALL = "all"
    OWN = "own"
    """What the caller made; of a guest, what the own session made."""
    ASSIGNED = "assigned"
    """What is assigned to the caller."""
    KIND = "kind"
    """Work orders of the caller's department."""


USER_ROLES = tuple(role for role in Role if role is not Role.GUEST)

KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "chat.use": "talk to the assistant",
        "conversations.read": "read conversations",
        "conversations.reply": "answer guests",
        "conversations.takeover": "take a conversation over from the assistant",
        "tickets.create": "open tickets",
        "tickets.read": "read tickets",
        "tickets.update": "change tickets",
        "tickets.assign": "assign tickets",
        "tickets.close": "close tickets",
        "workorders.request": "ask the assistant for work in the own room",
        "workorders.create": "open work orders",
        "workorders.read": "read work orders",
        "workorders.update": "change work orders",
        "workorders.assign": "assign work orders",
        "notes.read": "read notes on rooms",
        "notes.write": "write notes on rooms",
        "notes.remove": "remove notes on rooms",
        "kb.read": "read what staff should know",
        "kb.manage": "write what the hotel knows",
        "qr.read": "see QR codes that were given out",
        "qr.manage": "give out and withdraw QR codes for guests",
        "qr.manage_staff": "give out and withdraw QR codes for staff",
        "ai.run": "run a model by hand",
        "ai.config": "configure models",
        "users.read": "see who works here",
        "users.manage": "invite, change and suspend users of lower rank",
        "analytics.read": "read figures",
        "audit.read": "read who did what",
        "export.create": "export the hotel's data",
        "guests.pii.read": "see more of a guest than name and room",
        "settings.manage": "change the hotel's settings",
        "billing.manage": "change the hotel's plan",
    }
)

# What the assistant may do is what its caller may, and of that only this.
ASSISTANT = frozenset({"chat.use", "tickets.create", "workorders.request", "workorders.create", "kb.read"})


def _all(*permissions: str) -> dict[str, Scope]:
    return dict.fromkeys(permissions, Scope.ALL)


_GUEST = dict.fromkeys(
    ("chat.use", "conversations.read", "tickets.create", "tickets.read", "workorders.request"), Scope.OWN
)
_NOTES = {**_all("notes.read", "notes.write"), "notes.remove": Scope.OWN}
_STAFF = {
    **_all("chat.use", "conversations.read", "conversations.reply", "conversations.takeover"),
    **_all("tickets.create", "tickets.read", "workorders.create", "kb.read"),
    **dict.fromkeys(("tickets.update", "tickets.assign", "tickets.close"), Scope.ASSIGNED),
    **dict.fromkeys(("workorders.read", "workorders.update"), Scope.KIND),
    **_NOTES,
}
_DESK = _all("qr.read", "qr.manage")
_SUPERVISOR = {
    **_all("chat.use", "conversations.read", "conversations.reply", "conversations.takeover"),
    **_all("tickets.create", "tickets.read", "tickets.update", "tickets.assign", "tickets.close"),
    **_all("workorders.create", "workorders.read", "workorders.update", "workorders.assign"),
    **_NOTES,
    **_all("kb.read", "qr.read", "qr.manage", "ai.run", "users.read"),
}
_MANAGER = {
    **_SUPERVISOR,
    **_all("notes.remove", "kb.manage", "qr.manage_staff"),
    **_all("analytics.read", "audit.read", "guests.pii.read"),
}
_ADMIN = {**_MANAGER, **_all("ai.config", "users.manage", "export.create", "settings.manage")}
_OWNER = {**_ADMIN, **_all("billing.manage")}

GRANTS: Mapping[Role, Mapping[str, Scope]] = MappingProxyType(
    {
        Role.GUEST: MappingProxyType(_GUEST),
        Role.STAFF: MappingProxyType(_STAFF),
        Role.SUPERVISOR: MappingProxyType(_SUPERVISOR),
        Role.MANAGER: MappingProxyType(_MANAGER),
        Role.ADMIN: MappingProxyType(_ADMIN),
        Role.OWNER: MappingProxyType(_OWNER),
    }
)
_RECEPTIONIST = MappingProxyType({**_STAFF, **_DESK})

_KINDS: Mapping[Department, frozenset[str]] = MappingProxyType(
    {
        Department.HOUSEKEEPING: frozenset({"housekeeping", "amenity"}),
        Department.MAINTENANCE: frozenset({"maintenance"}),
    }
)
_EVERY_KIND = frozenset({"housekeeping", "maintenance", "amenity", "room_service"})


def grants(role: Role, department: Department = Department.GENERAL) -> Mapping[str, Scope]:
    """What the role may do and how far; staff at reception also hands out guests' codes."""
    if role is Role.STAFF and department is Department.RECEPTION:
        return _RECEPTIONIST
    return GRANTS[role]


def for_assistant(held: Mapping[str, Scope]) -> Mapping[str, Scope]:
    """Of what the caller holds, what the assistant may use."""
    return {permission: scope for permission, scope in held.items() if permission in ASSISTANT}


def work_order_kinds(department: Department) -> frozenset[str]:
    """The kinds of work orders that Scope.KIND covers for this department."""
    return _KINDS.get(department, _EVERY_KIND)


def department_of(kind: str) -> Department:
    """The department whose kind of work it is; of what is nobody's own, all of the house."""
    return next((place for place, kinds in _KINDS.items() if kind in kinds), Department.GENERAL)


def may_assign(actor: Role, role: Role) -> bool:
    """Whether the actor may give this role to somebody, or manage somebody who has it."""
    return role is not Role.GUEST and role.rank < actor.rank
