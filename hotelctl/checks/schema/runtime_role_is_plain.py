"""DB017: the run-time role can connect and is bound by row security."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.live_database import LiveDatabase, Role

_NO_LOGIN = "cannot log in yet; the next deploy gives it a password"


@check(
    "DB017",
    "The run-time role can connect and is bound by row security",
    severity=Severity.CRITICAL,
    rationale=(
        "A superuser, an owner or a BYPASSRLS role reads every tenant's rows whatever the policies say."
    ),
    remediation="Give the release a role of its own: LOGIN NOSUPERUSER NOBYPASSRLS, owner of nothing.",
)
def runtime_role_is_plain(database: LiveDatabase) -> Iterator[Finding]:
    """A finding for everything that keeps the role from connecting or lets it around the policies.

    A service without a role of its own connects with the owner's, which is told where that is a superuser.
    """
    role = database.runtime
    if role is None:
        yield _as_owner(database)
        return
    if not role.exists and not database.revisions:
        raise NotApplicable(f"the first migration makes the role {role.name}")
    for problem, fix in _problems(role, database):
        minor = problem == _NO_LOGIN
        yield Finding(
            subject=role.name,
            message=f"the run-time role {role.name} {problem}",
            evidence=(_asked(role, database),),
            fix=fix,
            severity=Severity.LOW if minor else None,
        )


def _as_owner(database: LiveDatabase) -> Finding:
    owner = database.owner
    if not owner.superuser:
        raise NotApplicable("the service file names no runtime_role")
    return Finding(
        subject=owner.name,
        message=f"the release connects as the superuser {owner.name}: the service file names no runtime_role",
        evidence=(_asked(owner, database),),
        fix='runtime_role = "NAME" under [database] in the service file, and\n'
        "CREATE ROLE NAME with its GRANTs in a migration",
        severity=Severity.MEDIUM,
    )


def _asked(role: Role, database: LiveDatabase) -> QueryResult:
    return QueryResult(database.name, f"pg_roles of {role.name}", 1, by_shape(_shown(role)))


def _problems(role: Role, database: LiveDatabase) -> Iterator[tuple[str, str]]:
    if not role.exists:
        yield "does not exist", f"CREATE ROLE {role.name} LOGIN NOSUPERUSER NOBYPASSRLS;"
        return
    if not role.can_log_in:
        yield _NO_LOGIN, f"ALTER ROLE {role.name} LOGIN;"
    if role.superuser:
        yield "is a superuser", f"ALTER ROLE {role.name} NOSUPERUSER;"
    if role.bypasses_rls:
        yield "has BYPASSRLS", f"ALTER ROLE {role.name} NOBYPASSRLS;"
    if role.member_of_owner:
        yield (
            f"is a member of the owner of {database.name}",
            f"REVOKE {database.owner.name} FROM {role.name};",
        )
    if role.owns:
        named = ", ".join(role.owns[:5])
        yield f"owns {named}", f"ALTER TABLE {role.owns[0]} OWNER TO {database.owner.name};"


def _shown(role: Role) -> str:
    return (
        f"exists={role.exists} login={role.can_log_in} superuser={role.superuser} "
        f"bypassrls={role.bypasses_rls} owns={len(role.owns)} member_of_owner={role.member_of_owner}"
    )
