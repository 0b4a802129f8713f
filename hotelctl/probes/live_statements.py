"""What the service asks the live database, as the server counts it, where it does."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.kept_statements import Kept, chosen
from hotelctl.facts.server_log import Heard
from hotelctl.probes.context import Context

_WHERE = """
SELECT quote_ident(n.nspname) FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
"""
# Others than these are noted with their values: a password that was set would leave the server. In front may
# stand what tools tell of where a statement comes from, but no comment within a comment.
_TEXTS = """
SELECT s.query FROM {}.pg_stat_statements s
WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND s.userid = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = %s)
  AND s.query ~* '^(\\s|--[^\\n]*\\n|/\\*((?!/\\*|\\*/).)*\\*/)*'
    '(select|insert|update|delete|merge|with|values)\\y'
ORDER BY s.calls DESC LIMIT 1000
"""


def live_statements(role: str, context: Context) -> tuple[Kept, ...]:
    """What `role` asked the live database since its counts began, without values; the most frequent first.

    None where the server does not count them, or does not let this role read what it counted.
    """
    url = context.database()
    try:
        place = context.databases.query(url, _WHERE).values
        rows = context.databases.query(url, _TEXTS.format(place[0][0]), (role,)).values if place else ()
    except Unavailable:
        return ()
    return tuple(
        Kept(one.sql, one.values, live=True)
        for one in chosen((Heard(role, str(text)) for (text,) in rows), "", ()).statements
    )
