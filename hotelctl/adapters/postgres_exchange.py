"""One PostgreSQL database put into the place of another, and what they do not have in common."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_connect import connected
from hotelctl.adapters.postgres_counts import begin_snapshot
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.exchange import TableLoss

if TYPE_CHECKING:
    from psycopg import Connection, sql

MAINTENANCE = "postgres"
"""The database beside all others, from which they are renamed: it is none that could be."""
_LIMIT_S = 3600.0
_AGAIN_S = 0.2
_ROWS_AT_ONCE = 20_000
_NUMBERS = "SELECT datname, oid::int8 FROM pg_catalog.pg_database WHERE NOT datistemplate"
# What a session of another role is, not everybody may see; that it is one of a role, everybody may.
_END = """
SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE datname = ANY(%s) AND pid <> pg_catalog.pg_backend_pid()
  AND coalesce(backend_type = 'client backend', usesysid IS NOT NULL)
"""
_WAL = """
SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), %s::pg_lsn)::int8
FROM pg_catalog.pg_control_system() WHERE system_identifier::text = %s
"""
# Whole names are compared: both parts of one may hold a dot. A table may have rows and no column.
_COLUMNS = """
SELECT n.nspname, c.relname, a.attname, (a.attmissingval::text::text[])[1]
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname = %s ORDER BY a.attnum
"""
_HASHES = """
SELECT hashtextextended({row}::text COLLATE "C", 0) FROM ONLY {table} AS counted ORDER BY 1
"""
# A value that a column which is new was given by its own making is nobody's work.
_WRITTEN = "{column}::text IS DISTINCT FROM {made}"
_WITH_NEWS = "CASE WHEN {written} THEN ROW({columns}, {news})::text ELSE ROW({columns})::text END"
# Some settings are lists, which the server keeps quoted already.
_FURNITURE = """
WITH live AS (
  SELECT d.*, quote_ident(asked.copy) AS copy
  FROM (SELECT %s::text AS name, %s::text AS copy) asked
  JOIN pg_catalog.pg_database d ON d.datname = asked.name),
setting AS (
  SELECT copy, setrole, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s JOIN live ON s.setdatabase = live.oid, unnest(s.setconfig) c)
SELECT 1, 'ALTER DATABASE ' || copy || ' CONNECTION LIMIT ' || datconnlimit FROM live
UNION ALL
SELECT 2, CASE setrole WHEN 0 THEN 'ALTER DATABASE ' || copy
               ELSE 'ALTER ROLE ' || setrole::regrole || ' IN DATABASE ' || copy END
  || ' SET ' || quote_ident(name) || ' TO '
  || CASE WHEN name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries') THEN value ELSE quote_literal(value) END
FROM setting WHERE setrole <> 0 OR name <> 'default_transaction_read_only'
UNION ALL
SELECT 3, 'REVOKE ALL ON DATABASE ' || copy || ' FROM PUBLIC' FROM live WHERE datacl IS NOT NULL
UNION ALL
SELECT 4, 'GRANT ' || privilege_type || ' ON DATABASE ' || copy || ' TO '
  || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
  || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
FROM live, LATERAL aclexplode(datacl)
UNION ALL
SELECT 5, 'COMMENT ON DATABASE ' || copy || ' IS ' || quote_literal(shobj_description(oid, 'pg_database'))
FROM live WHERE shobj_description(oid, 'pg_database') IS NOT NULL
UNION ALL
SELECT 6, 'ALTER DATABASE ' || copy || ' OWNER TO ' || datdba::regrole FROM live
ORDER BY 1
"""
# A dump is restored without owners, so that it can be on any server: all belongs to the role that restores.
# What the live database has and the copy has not is passed over.
_OWNERS = """
SELECT string_agg(format('DO %%L', format(
  'BEGIN ALTER %%s %%s OWNER TO %%s; EXCEPTION WHEN undefined_table OR undefined_object '
  'OR undefined_function OR invalid_schema_name OR wrong_object_type THEN NULL; END',
  CASE one.type WHEN 'statistics object' THEN 'statistics' ELSE one.type END,
  one.identity, d.refobjid::regrole)), E';\n' ORDER BY one.type <> 'schema', one.identity)
FROM pg_catalog.pg_shdepend d
JOIN pg_catalog.pg_database here ON here.oid = d.dbid AND here.datname = current_database(),
  LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) one
WHERE d.deptype = 'o' AND d.refobjid <> to_regrole(quote_ident(current_user)) AND one.type = ANY(%s)
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend p WHERE p.classid = d.classid AND p.objid = d.objid
      AND (p.deptype = 'e' OR p.deptype IN ('a', 'i') AND one.type = 'sequence'))
"""
_OWNED = (
    *("schema", "table", "view", "materialized view", "foreign table", "sequence", "type", "large object"),
    *("function", "procedure", "aggregate", "operator", "operator class", "operator family", "collation"),
    *(
        "conversion",
        "statistics object",
        "text search configuration",
        "text search dictionary",
        "publication",
    ),
)


class PostgresExchange:
    """Asks and changes by `databases`, which records both."""

    def __init__(self, databases: PostgresDatabases) -> None:
        """Nothing is asked."""
        self._databases = databases

    def numbers(self, url: str) -> Mapping[str, int]:
        """The number of each database by its name. Raises `Unavailable`."""
        return {
            str(name): int(number) for name, number in self._databases.query(_beside(url), _NUMBERS).values
        }

    def differences(
        self, now: str, then: str, tables: Mapping[str, tuple[int, int]]
    ) -> tuple[TableLoss, ...]:
        """Read in one snapshot of each database; rows travel as numbers of eight bytes, in their order."""
        with ExitStack() as stack:
            here, there = (stack.enter_context(_reading(url)) for url in (now, then))
            return tuple(
                TableLoss(name, before, after, *_only(here, there, name))
                for name, (before, after) in tables.items()
            )

    def wal_bytes(self, url: str, system: str | None, wal: str | None) -> int | None:
        """None also where the role may not ask."""
        if system is None or wal is None:
            return None
        with suppress(Unavailable):
            for (grown,) in self._databases.query(url, _WAL, (wal, system)).values:
                return int(grown)
        return None

    def close(self, url: str) -> None:
        """Sessions end after the setting is there, so that those that come back only read."""
        name = Address(url).database
        statement = f"ALTER DATABASE {_quoted(name)} SET default_transaction_read_only = on"
        self._databases.execute(_beside(url), statement)
        try:
            self._databases.query(_beside(url), _END, ([name],))
        except Unavailable as trouble:
            raise StepFailed(
                f"sessions of {name} cannot be ended: {trouble.reason}",
                "end them, or grant this role pg_signal_backend; everybody may write again",
            ) from trouble

    def open(self, url: str) -> None:
        """What the setting was before it was closed is not known: none."""
        name = Address(url).database
        statement = f"ALTER DATABASE {_quoted(name)} RESET default_transaction_read_only"
        self._databases.execute(_beside(url), statement)

    def furnish(self, url: str, copy: str) -> None:
        """First what is in it, then the database, each in one transaction.

        Raises `StepFailed` where this role may not.
        """
        for (owners,) in self._databases.query(url, _OWNERS, (list(_OWNED),)).values:
            if owners:
                self._databases.execute(Address(url).at(copy).url, str(owners))
        found = self._databases.query(_beside(url), _FURNITURE, (Address(url).database, copy)).values
        self._databases.execute(_beside(url), ";\n".join(str(statement) for _, statement in found))

    def swap(self, url: str, copy: str, aside: str) -> None:
        """One transaction: a crash at any moment leaves the names as they were, or both changed."""
        live = Address(url).database
        renames = (
            f"ALTER DATABASE {_quoted(live)} RENAME TO {_quoted(aside)}",
            f"ALTER DATABASE {_quoted(copy)} RENAME TO {_quoted(live)}",
        )
        # A rename keeps new sessions out while it waits for the old ones, but ends none.
        with self._ending(url, (live, copy)):
            self._databases.execute(_beside(url), ";\n".join(renames))

    @contextmanager
    def _ending(self, url: str, names: tuple[str, ...]) -> Iterator[None]:
        done = threading.Event()

        def end() -> None:
            while True:
                with suppress(Unavailable):
                    self._databases.query(_beside(url), _END, (list(names),))
                if done.wait(_AGAIN_S):
                    return

        ending = threading.Thread(target=end, daemon=True)
        ending.start()
        try:
            yield
        finally:
            done.set()
            ending.join()


def _beside(url: str) -> str:
    return Address(url).at(MAINTENANCE).url


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _reading(url: str) -> "Iterator[Connection[tuple[Any, ...]]]":
    with connected(url, autocommit=True) as connection:
        begin_snapshot(connection, _LIMIT_S)
        yield connection


def _only(
    here: "Connection[tuple[Any, ...]]", there: "Connection[tuple[Any, ...]]", name: str
) -> tuple[int, int]:
    """How many rows of a table are only `here`, and how many only `there`; twins count one by one."""
    from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

    first, second = (one.execute(_COLUMNS, (name,)).fetchall() for one in (here, there))
    places = {(str(schema), str(table)) for schema, table, *_ in (*first, *second)}
    if len(places) != 1:
        raise Unavailable(f"what {name} would lose cannot be told: {len(places)} tables are called so")
    place = sql.Identifier(*places.pop())
    # Where one of them has no such table, none of its columns is common, and each row stands alone.
    names = {column for _, _, column, _ in second}
    both = [column for _, _, column, _ in first if column is not None and column in names]
    news = {column: made for _, _, column, made in first if column is not None and column not in names}
    told = sql.SQL(_HASHES)
    return _unpaired(
        _hashes(here, told.format(row=_row(both, news), table=place)) if first else iter(()),
        _hashes(there, told.format(row=_row(both, {}), table=place)) if second else iter(()),
    )


def _row(both: Sequence[str], news: Mapping[str, str | None]) -> "sql.Composed":
    """A row by the columns `both` have, and by the new ones where somebody wrote into one of them."""
    from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

    def listed(names: Iterable[str]) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier("counted", name) for name in names)

    if not news:
        return sql.SQL("ROW({})").format(listed(both))
    written = sql.SQL(" OR ").join(
        sql.SQL(_WRITTEN).format(column=sql.Identifier("counted", name), made=sql.Literal(made))
        for name, made in news.items()
    )
    columns = listed(both) if both else sql.SQL("NULL")
    return sql.SQL(_WITH_NEWS).format(written=written, columns=columns, news=listed(news))


def _hashes(connection: "Connection[tuple[Any, ...]]", asked: "sql.Composed") -> Iterator[int]:
    with connection.cursor("hashes") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        cursor.execute(asked)
        for (number,) in cursor:
            yield number


def _unpaired(first: Iterator[int], second: Iterator[int]) -> tuple[int, int]:
    """How many of two sorted streams of numbers find no partner in the other one."""
    only, others = 0, 0
    one, other = next(first, None), next(second, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one < other):
            only, one = only + 1, next(first, None)
        elif one is None or other < one:
            others, other = others + 1, next(second, None)
        else:
            one, other = next(first, None), next(second, None)
    return only, others
