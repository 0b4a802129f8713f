"""A caller of each role, of each department where that decides, beside a guest and somebody unknown."""

import psycopg

from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A, add_user

USERS = {
    **{f"staff-{department}": (Role.STAFF, department) for department in Department},
    **{role.value: (role, Department.GENERAL) for role in Role if role not in {Role.GUEST, Role.STAFF}},
}
ANONYMOUS, GUEST = "anonymous", "guest"
CALLERS = (ANONYMOUS, GUEST, *USERS)


def standing(caller: str) -> tuple[Role, Department]:
    """Role and department."""
    return USERS.get(caller, (Role.GUEST, Department.GENERAL))


def add_everybody(connection: psycopg.Connection) -> None:
    """Hotel A has a user of each role and department."""
    with connection.pipeline(), connection.transaction():
        for name, (role, department) in USERS.items():
            user_id = add_user(connection, HOTEL_A, f"{name}@matrix.example", role.value)
            connection.execute("UPDATE users SET department = %s WHERE id = %s", (department.value, user_id))


async def come_in(service: Service, caller: str) -> callers.Headers:
    """Headers of a caller who came in now: some routes end the session that asks."""
    if caller == ANONYMOUS:
        return {}
    if caller == GUEST:
        return await callers.guest(service)
    return await callers.page(service, f"{caller}@matrix.example")
