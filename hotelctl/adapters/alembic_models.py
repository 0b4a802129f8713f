"""What the models of an Alembic project and a database do not agree on: one JSON object on stdout.

Runs with the project's own interpreter, which need not have hotelctl: its text is given to `python -c`, with
the directory of the migrations as argument and the database in `HOTELCTL_COMPARED_URL`. Whatever of the
project prints goes to stderr.
"""

# ruff: noqa: PLC0415 - the interpreter that reads this text to give it away need not have Alembic

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

URL = "HOTELCTL_COMPARED_URL"
_KEPT = ("include_object", "include_name", "include_schemas", "version_table", "version_table_schema")
_NAMED = "to_regclass(coalesce(quote_ident(%s) || '.', '') || quote_ident(%s))"
_THERE = f"SELECT {_NAMED} IS NOT NULL"
_GIVEN = f"""
SELECT atthasdef OR attidentity <> '' FROM pg_catalog.pg_attribute
WHERE attrelid = {_NAMED} AND attname = %s
"""  # noqa: S608 - fixed words
_DRIVERS = ("psycopg", "psycopg2", "pg8000")


def main() -> int:
    """0, and the differences; of a project without models `null`."""
    directory, url = sys.argv[1], os.environ[URL]
    with redirect_stdout(sys.stderr):
        found = _compared(directory, url)
    sys.stdout.write(json.dumps(found))
    return 0


def differences(connection: Any, options: Mapping[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401 - of a library that is not here
    """Where the `target_metadata` of Alembic's `options` and the database differ."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    ours: dict[str, Any] = {name: options[name] for name in _KEPT if options.get(name) is not None}
    # Types and defaults of the new schema are asked by statements, which know them better.
    ours |= {"compare_type": False, "compare_server_default": False}
    context = MigrationContext.configure(connection, opts=ours)
    found = compare_metadata(context, options["target_metadata"])
    return [one for each in found for one in _told(each, connection)]


def _compared(directory: str, url: str) -> list[dict[str, Any]] | None:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(_driven(url), poolclass=NullPool)
    with engine.connect() as connection:
        options = _options(directory, connection)
        return None if options.get("target_metadata") is None else differences(connection, options)


def _driven(url: str) -> str:
    """The URL with a driver that is installed."""
    scheme, _, rest = url.partition("://")
    for driver in _DRIVERS:
        with suppress(ImportError):
            __import__(driver)
            return f"postgresql+{driver}://{rest}"
    return f"{scheme}://{rest}"


def _options(directory: str, connection: Any) -> dict[str, Any]:  # noqa: ANN401 - of a library that is not here
    """What the project's own env.py configures; none of its migrations runs."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    file = Path("alembic.ini")
    config = Config(str(file)) if file.is_file() else Config()
    config.set_main_option("script_location", directory.replace("%", "%%"))
    address = connection.engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    config.attributes["connection"] = connection
    found: dict[str, Any] = {}

    def nothing(_revision: Any, context: Any) -> list[Any]:  # noqa: ANN401 - Alembic's own
        found.update(context.opts)
        return []

    with EnvironmentContext(config, ScriptDirectory.from_config(config), fn=nothing, dont_mutate=True):
        ScriptDirectory.from_config(config).run_env()
    return found


def _told(difference: Any, connection: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - tuples of Alembic
    for kind, *what in difference if isinstance(difference, list) else [difference]:
        if kind in {"add_table", "remove_table"}:
            yield {"kind": kind, "table": what[0].fullname, "other": _there(what[0], connection)}
        elif kind in {"add_column", "remove_column"}:
            schema, table, column = what
            required = not column.nullable and not _is_given(schema, table, column.name, connection)
            yield {
                "kind": kind,
                "table": f"{schema}.{table}" if schema else table,
                "name": column.name,
                "required": required,
            }
        elif kind == "modify_nullable":
            schema, table, name, _known, now, _wanted = what
            yield {
                "kind": kind,
                "table": f"{schema}.{table}" if schema else table,
                "name": name,
                "required": now is False,
            }
        elif hasattr(what[0], "table"):
            unique = getattr(what[0], "unique", None) or type(what[0]).__name__ == "UniqueConstraint"
            names = [column.name for column in what[0].columns]
            yield {
                "kind": kind,
                "table": what[0].table.fullname,
                "name": ", ".join(names),
                "unique": bool(unique),
            }


def _there(table: Any, connection: Any) -> bool:  # noqa: ANN401 - same
    """Whether something else has the name now, such as a view."""
    return bool(connection.exec_driver_sql(_THERE, (table.schema, table.name)).scalar())


def _is_given(schema: str | None, table: str, column: str, connection: Any) -> bool:  # noqa: ANN401 - same
    """Whether the server makes up a value: Alembic leaves out the default of a serial column."""
    return bool(connection.exec_driver_sql(_GIVEN, (schema, table, column)).scalar())


if __name__ == "__main__":
    sys.exit(main())
