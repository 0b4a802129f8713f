"""Who migrates the live database, and what of that database decides over what he may do there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hotelctl.facts.server_roles import quoted

# Of its settings, those that lead a statement to another table or give it a limit, wherever they stand.
# Providers let a role of theirs do what no role of a plain PostgreSQL may that is no superuser.
MIGRATING_ROLE = """
SELECT session_user::text, current_user::text, r.rolsuper, r.rolcreaterole,
  current_setting('server_version_num')::int / 10000, pg_catalog.pg_get_userbyid(d.datdba)::text,
  (SELECT json_agg(json_build_array(coalesce(g.rolname, ''), a.privilege_type, a.is_grantable))
   FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
   LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee WHERE a.grantee = 0 OR g.oid IS NOT NULL),
  (SELECT json_agg(json_build_array(e.extname, pg_catalog.pg_get_userbyid(e.extowner)))
   FROM pg_catalog.pg_extension e),
  (SELECT json_agg(json_build_array(s.name, s.setting)) FROM pg_catalog.pg_settings s
   WHERE s.name IN ('search_path', 'lock_timeout', 'row_security')
     AND s.source NOT IN ('default', 'override')),
  coalesce(
    (SELECT min(p.rolname)::text FROM pg_catalog.pg_roles p WHERE p.rolname IN ('rds_superuser',
      'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin', 'neon_superuser')
      AND pg_has_role(p.oid, 'MEMBER')),
    (SELECT min(s.name) FROM pg_catalog.pg_settings s
     WHERE s.name ~ '^(rds|cloudsql|alloydb|azure|neon|supautils|extwlist)[.]'), '')
FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
WHERE r.rolname = current_user AND d.datname = current_database()
"""
_OWN_ADMIN_SINCE = 16
_MAY_GRANT_ALL = """
DO $do$ DECLARE one record; BEGIN
  FOR one IN SELECT r.rolname, EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles a
      ON a.oid = m.member WHERE m.roleid = r.oid AND a.rolname = {role}) AS has
    FROM pg_catalog.pg_roles r WHERE NOT r.rolsuper AND r.rolname NOT IN ({role}, 'pg_database_owner')
      AND NOT pg_has_role(r.oid, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {role}), 'MEMBER')
  LOOP EXECUTE format('GRANT %I TO %I WITH ADMIN TRUE' || CASE WHEN one.has THEN '' ELSE
    ', INHERIT FALSE, SET FALSE' END, one.rolname, {role}); END LOOP;
END $do$
"""


@dataclass(frozen=True, slots=True)
class MigratingRole:
    """`login` is who enters, `acting` who he is then, mostly the same; `major` is the server's version.

    `allowed` are who, which right on the database, and whether he may pass it on; the name is empty for
    everybody. `extensions` are names and owners, `settings` names and values. `provider` is what shows that
    the server lets roles do more than PostgreSQL says, empty where nothing does.
    """

    login: str
    acting: str
    superuser: bool
    makes_roles: bool
    major: int
    database_owner: str
    allowed: tuple[tuple[str, str, bool], ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    provider: str = ""


def migrating_role(row: Sequence[Any]) -> MigratingRole:
    """The one row of `MIGRATING_ROLE`."""
    login, acting, superuser, makes_roles, major, owner, allowed, extensions, settings, provider = row
    return MigratingRole(
        str(login),
        str(acting),
        bool(superuser),
        bool(makes_roles),
        int(major),
        str(owner),
        tuple((str(who), str(what), bool(on)) for who, what, on in allowed or ()),
        tuple((str(name), str(owned_by)) for name, owned_by in extensions or ()),
        tuple((str(name), str(value)) for name, value in settings or ()),
        str(provider),
    )


def at_home(role: MigratingRole, database: str, major: int) -> Iterator[str]:
    """What lets the role do in `database` of a server of version `major` what it may do in its own.

    The roles are there.
    """
    here, owner = quoted(database), quoted(role.database_owner)
    yield f"ALTER DATABASE {here} OWNER TO {owner}"
    yield f"REVOKE ALL ON DATABASE {here} FROM PUBLIC, {owner}"
    for who, what, on in role.allowed:
        passed = " WITH GRANT OPTION" if on else ""
        yield f"GRANT {what} ON DATABASE {here} TO {quoted(who) if who else 'PUBLIC'}{passed}"
    for name, owned_by in role.extensions:
        yield (
            "UPDATE pg_catalog.pg_extension e SET extowner = r.oid FROM pg_catalog.pg_roles r "  # noqa: S608 - quoted
            f"WHERE e.extname = {_text(name)} AND r.rolname = {_text(owned_by)}"
        )
    if role.makes_roles and role.major < _OWN_ADMIN_SINCE <= major:
        yield _MAY_GRANT_ALL.format(role=_text(role.acting))
    entering = f"ALTER ROLE {quoted(role.login)} IN DATABASE {here} SET"
    for name, value in role.settings:
        yield f"SELECT pg_catalog.set_config({_text(name)}, {_text(value)}, true)"
        yield f"{entering} {name} FROM CURRENT"
    if role.acting != role.login:
        yield f"{entering} role = {_text(role.acting)}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
