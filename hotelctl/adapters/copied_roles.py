"""The roles of one server on another, so that its dump loads there and each may do what it may do here."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import Databases
from hotelctl.facts.server_roles import (
    LENT,
    MEMBERSHIPS,
    ROLES,
    ServerRole,
    altered,
    granted,
    memberships,
    quoted,
    server_roles,
)

_THERE = "SELECT rolname FROM pg_catalog.pg_roles"
_MEMBERS = """
SELECT r.rolname, m.rolname, g.rolname FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
JOIN pg_catalog.pg_roles g ON g.oid = a.grantor WHERE m.rolname !~ '^pg_'
"""
_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
_MARKED = f"""
SELECT rolname FROM pg_catalog.pg_roles
WHERE pg_catalog.shobj_description(oid, 'pg_authid') = '{LENT}' ORDER BY rolname
"""  # noqa: S608 - a fixed text


def copy_roles(databases: Databases, server: str, own: str, keeper: str) -> None:
    """`own` has the roles of `server`, what they may do, and no others than `keeper`, who made it.

    They may log in, as nobody else reaches this server. What migrations on earlier shadows did to roles is
    gone again, but for roles that something belongs to.

    Raises:
        Unavailable: a server does not answer.

    """
    roles = server_roles(databases.query(server, ROLES).values)
    wanted = memberships(databases.query(server, MEMBERSHIPS).values)
    names = {one.name for one in roles}
    there = _names(databases, own, _THERE)
    for name in sorted(one for one in there - names - {keeper} if not one.startswith("pg_")):
        with suppress(StepFailed):
            databases.execute(own, f"DROP ROLE {quoted(name)}")
    pairs = {(one.role, one.member) for one in wanted}
    done = [
        f"REVOKE {quoted(role)} FROM {quoted(member)} GRANTED BY {quoted(grantor)} CASCADE"
        for role, member, grantor in databases.query(own, _MEMBERS).values
        if (role, member) not in pairs and member != keeper
    ]
    done += [f"CREATE ROLE {quoted(one.name)}" for one in roles if one.name not in there]
    done += [altered(one, "LOGIN") for one in roles if one.name != keeper]
    done += granted(wanted, frozenset(there | names), _major(databases, own))
    databases.execute(own, ";\n".join(done))


def make_superuser(databases: Databases, own: str, name: str) -> None:
    """A superuser of that name is on the server `own`, where there is none yet."""
    if name not in _names(databases, own, _THERE):
        databases.execute(own, f"CREATE ROLE {quoted(name)} SUPERUSER LOGIN")


@contextmanager
def lent_roles(databases: Databases, server: str, given: str) -> Iterator[None]:
    """Inside, `given` has the roles of `server` that it lacks, marked as ours; its own are left alone.

    One that something else belongs to by then stays, and the next one takes it over.

    Raises:
        StepFailed, Unavailable: they cannot be made.

    """
    there, ours = _names(databases, given, _THERE), _names(databases, given, _MARKED)
    roles = [
        one for one in server_roles(databases.query(server, ROLES).values) if one.name not in there - ours
    ]
    wanted = memberships(databases.query(server, MEMBERSHIPS).values)
    members = {one.name for one in roles}
    known = frozenset(there | members)
    done = [_lent(one, is_new=one.name not in there) for one in roles]
    done += granted((one for one in wanted if one.member in members), known, _major(databases, given))
    if done:
        databases.execute(given, ";\n".join(done))
    try:
        yield
    finally:
        for name in sorted(members):
            with suppress(StepFailed, Unavailable):
                databases.execute(given, f"DROP ROLE {quoted(name)}")


def _lent(role: ServerRole, *, is_new: bool) -> str:
    made = f"CREATE ROLE {quoted(role.name)}; " if is_new else ""
    return f"{made}{altered(role, 'NOLOGIN')}; COMMENT ON ROLE {quoted(role.name)} IS '{LENT}'"


def _names(databases: Databases, url: str, sql: str) -> set[str]:
    return {str(name) for (name,) in databases.query(url, sql).values}


def _major(databases: Databases, url: str) -> int:
    return int(databases.query(url, _MAJOR).values[0][0])
