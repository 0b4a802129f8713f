"""Row security as the run-time role meets it, asked of the database."""

from collections.abc import Sequence

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Databases
from hotelctl.facts.tenant_guards import RowPolicy, TenantGuards, TenantTable

_ME = "SELECT current_database(), current_user"
# As row_security_active() decides for whoever asks it: not for superusers, BYPASSRLS and, unless it is
# forced, those who have the rights of the table's owner. It is not asked under the role, for which one has to
# be a member of it: an owner who is no superuser is none even of the roles that it made.
_TABLES = """
SELECT n.nspname || '.' || c.relname, a.attname,
       c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls
       AND (c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_roles r ON r.oid = quote_ident(%s)::regrole
JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attname = ANY(%s)
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
"""
_POLICIES = """
SELECT n.nspname || '.' || c.relname, p.polname,
       coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.polpermissive AND EXISTS (
  SELECT 1 FROM unnest(p.polroles) AS r(oid)
  WHERE CASE WHEN r.oid = 0 THEN true ELSE pg_has_role(%s::name, r.oid, 'USAGE') END)
ORDER BY 1, 2
"""


def read_guards(databases: Databases, url: str, role: str | None, columns: Sequence[str]) -> TenantGuards:
    """The tables with one of `columns`; without `role` as the owner of `url`, who is what runs then.

    Where the server does not answer under that role, why.
    """
    name, owner = databases.query(url, _ME).values[0]
    me = role or str(owner)
    try:
        return TenantGuards(str(name), me, _tables(databases, url, me, columns))
    except Unavailable as trouble:
        return TenantGuards(str(name), me, doubt=trouble.reason)


def _tables(databases: Databases, url: str, me: str, columns: Sequence[str]) -> tuple[TenantTable, ...]:
    policies: dict[str, list[RowPolicy]] = {}
    for table, *words in databases.query(url, _POLICIES, (me,)).values:
        policies.setdefault(str(table), []).append(RowPolicy(*map(str, words)))
    rows = databases.query(url, _TABLES, (me, list(columns))).values
    return tuple(
        TenantTable(str(table), str(column), bool(active), tuple(policies.get(str(table), ())))
        for table, column, active in rows
    )
