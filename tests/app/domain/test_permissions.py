from itertools import product

import pytest

from hotelctl.app.domain.permissions import (
    ASSISTANT,
    GRANTS,
    KNOWN,
    USER_ROLES,
    Department,
    Role,
    Scope,
    department_of,
    for_assistant,
    grants,
    may_assign,
    work_order_kinds,
)
from hotelctl.app.domain.work_orders import EVERY_KIND

# One line a permission: guest, staff, supervisor, manager, admin, owner. `+` everything, `-` nothing.
_TABLE = """
chat.use                own + + + + +
conversations.read      own + + + + +
conversations.reply     -   + + + + +
conversations.takeover  -   + + + + +
tickets.create          own + + + + +
tickets.read            own + + + + +
tickets.update          -   assigned + + + +
tickets.assign          -   assigned + + + +
tickets.close           -   assigned + + + +
workorders.request      own - - - - -
workorders.create       -   + + + + +
workorders.read         -   kind + + + +
workorders.update       -   kind + + + +
workorders.assign       -   - + + + +
notes.read              -   + + + + +
notes.write             -   + + + + +
notes.remove            -   own own + + +
kb.read                 -   + + + + +
kb.manage               -   - - + + +
qr.read                 -   - + + + +
qr.manage               -   - + + + +
qr.manage_staff         -   - - + + +
ai.run                  -   - + + + +
ai.config               -   - - - + +
users.read              -   - + + + +
users.manage            -   - - - + +
analytics.read          -   - - + + +
audit.read              -   - - + + +
export.create           -   - - - + +
guests.pii.read         -   - - + + +
settings.manage         -   - - - + +
billing.manage          -   - - - - +
"""
_LINES = [line.split() for line in _TABLE.strip().splitlines()]


@pytest.mark.parametrize(("column", "role"), list(enumerate(Role, start=1)))
def test_each_role_holds_what_the_table_says(column: int, role: Role) -> None:
    expected = {line[0]: {"+": Scope.ALL}.get(line[column], line[column]) for line in _LINES}
    assert GRANTS[role] == {name: scope for name, scope in expected.items() if scope != "-"}


def test_the_table_names_every_permission_and_each_is_held_by_somebody() -> None:
    named = [line[0] for line in _LINES]
    assert named == list(KNOWN)
    assert {permission for held in GRANTS.values() for permission in held} == set(KNOWN)
    assert all(KNOWN.values())


def test_only_reception_has_more_than_its_role_and_that_is_guests_codes() -> None:
    for role, department in product(USER_ROLES, Department):
        more = set(grants(role, department)) - set(GRANTS[role])
        expected = {"qr.read", "qr.manage"} if (role, department) == ("staff", "reception") else set()
        assert more == expected


@pytest.mark.parametrize("changing", [GRANTS, GRANTS[Role.GUEST], grants(Role.STAFF, Department.RECEPTION)])
def test_the_registry_cannot_be_changed(changing: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        changing["billing.manage"] = "all"


def test_a_role_is_given_from_above_only() -> None:
    allowed = {(actor, role) for actor, role in product(Role, Role) if may_assign(actor, role)}
    assert (Role.OWNER, Role.ADMIN) in allowed
    assert (Role.OWNER, Role.OWNER) not in allowed
    assert (Role.ADMIN, Role.ADMIN) not in allowed
    assert (Role.ADMIN, Role.MANAGER) in allowed
    assert (Role.MANAGER, Role.OWNER) not in allowed
    assert (Role.OWNER, Role.GUEST) not in allowed
    assert len(allowed) == 10


@pytest.mark.parametrize("role", Role)
def test_the_assistant_never_has_more_than_its_caller(role: Role) -> None:
    lent = for_assistant(GRANTS[role])
    assert set(lent) == set(GRANTS[role]) & ASSISTANT
    assert all(GRANTS[role][permission] is scope for permission, scope in lent.items())
    assert "chat.use" in lent


def test_departments_see_their_own_kinds_of_work() -> None:
    assert work_order_kinds(Department.HOUSEKEEPING) == {"housekeeping", "amenity"}
    assert work_order_kinds(Department.MAINTENANCE) == {"maintenance"}
    assert len(work_order_kinds(Department.RECEPTION)) == len(work_order_kinds(Department.GENERAL)) == 4


def test_work_belongs_to_the_department_that_sees_no_other_kind() -> None:
    found = {kind: department_of(kind).value for kind in sorted(EVERY_KIND)}
    assert found == {
        "amenity": "housekeeping",
        "housekeeping": "housekeeping",
        "maintenance": "maintenance",
        "room_service": "general",
    }
