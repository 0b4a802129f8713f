"""The roles of a PostgreSQL server with what they may do, and the statements that make them on another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

ROLES = """
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname
"""
# What a membership allows is told from PostgreSQL 16 on. One may be given several times, by several roles.
MEMBERSHIPS = """
SELECT r.rolname, m.rolname, bool_or(a.admin_option),
  bool_or((to_jsonb(a) ->> 'inherit_option')::boolean), bool_or((to_jsonb(a) ->> 'set_option')::boolean)
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE m.rolname !~ '^pg_' GROUP BY 1, 2 ORDER BY 1, 2
"""
LENT = "made by hotelctl for a shadow"
"""What a role is marked with that hotelctl made on somebody's server."""
_OPTIONS_SINCE = 16
_WORDS = ("SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")


@dataclass(frozen=True, slots=True)
class ServerRole:
    """`attributes` are those that `CREATE ROLE` knows, in its words, each with or without NO in front."""

    name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """`member` is in `role`; the last two are None where the server does not tell them apart."""

    role: str
    member: str
    admin: bool
    inherits: bool | None = None
    sets: bool | None = None


def server_roles(rows: Iterable[Sequence[object]]) -> tuple[ServerRole, ...]:
    """The rows of `ROLES`."""
    return tuple(ServerRole(str(name), _attributes(flags)) for name, *flags in rows)


def memberships(rows: Iterable[Sequence[object]]) -> tuple[Membership, ...]:
    """The rows of `MEMBERSHIPS`."""
    return tuple(
        Membership(str(role), str(member), bool(admin), _known(inherits), _known(sets))
        for role, member, admin, inherits, sets in rows
    )


def altered(role: ServerRole, login: str) -> str:
    """The role has its attributes, and no settings of its own; `login` is LOGIN or NOLOGIN."""
    name = quoted(role.name)
    return f"ALTER ROLE {name} {login} {' '.join(role.attributes)}; ALTER ROLE {name} RESET ALL"


def granted(found: Iterable[Membership], there: frozenset[str], major: int) -> Iterator[str]:
    """The memberships between roles that are `there`, on a server of version `major`."""
    for one in found:
        if {one.role, one.member} <= there:
            yield f"GRANT {quoted(one.role)} TO {quoted(one.member)}{_options(one, major)}"


def quoted(name: str) -> str:
    """An identifier as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _attributes(flags: Sequence[object]) -> tuple[str, ...]:
    return tuple(word if has else f"NO{word}" for word, has in zip(_WORDS, flags, strict=True))


def _options(one: Membership, major: int) -> str:
    if major < _OPTIONS_SINCE:
        return " WITH ADMIN OPTION" if one.admin else ""
    said = {"ADMIN": one.admin, "INHERIT": one.inherits, "SET": one.sets}
    return " WITH " + ", ".join(f"{word} {value}" for word, value in said.items() if value is not None)


def _known(value: object) -> bool | None:
    return None if value is None else bool(value)
