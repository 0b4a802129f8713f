"""A rollback of the code alone works: what earlier code relies on is still there in the newest schema.

The statements were recorded from the last code of each serial while its own tests ran, with pytest's options
`-p tests.plugins.statements --statements tests/data/statements/serial-N.jsonl -m database tests/app`.
Record those of the present serial before a revision raises it.
"""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.migrating import migrate
from tests.app.migrations.test_versions import _revisions

_RECORDED = Path(__file__).parents[2] / "data" / "statements"
_PARAMETER = re.compile(r"%\((\w+)\)s")
_SPAN = re.compile(r"now\(\) - \$\d+(?!:)")
# What may not go, by name, with what may not become another.
_RELIED_ON = """
SELECT 'column', concat_ws('.', table_name, column_name), data_type
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'function', p.oid::regprocedure::text, pg_get_function_result(oid)
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'privilege', concat_ws('.', table_name, privilege_type), 'hotel_app'
  FROM information_schema.table_privileges WHERE grantee = 'hotel_app'
"""
_NEEDED = """
SELECT concat_ws('.', table_name, column_name) FROM information_schema.columns
 WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
   AND is_generated = 'NEVER' AND is_identity = 'NO'
"""


def _serial_of(path: Path) -> int:
    return int(path.stem.removeprefix("serial-"))


def _files() -> list[Path]:
    return sorted(_RECORDED.glob("serial-*.jsonl"), key=_serial_of)


def _numbered(statement: str) -> tuple[str, int]:
    """The statement as PREPARE takes it, and how many parameters it has."""
    names: dict[str, int] = {}
    found = _PARAMETER.sub(lambda one: f"${names.setdefault(one[1], len(names) + 1)}", statement)
    # The driver tells the type of a span of time with its value; here there is none.
    return _SPAN.sub(r"\g<0>::interval", found.replace("%%", "%")), len(names)


def test_the_code_of_the_serial_before_was_recorded() -> None:
    recorded = [_serial_of(path) for path in _files()]
    assert SCHEMA_SERIAL - 1 in recorded, "record the statements of the code before this revision, see above"
    for path in _files():
        statements = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert len(statements) > 50
        assert any(statement.startswith("INSERT INTO sessions") for statement in statements)


@pytest.mark.database
@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_each_statement_of_earlier_code_is_understood_and_allowed(
    path: Path, spare_url: str, as_runtime: Callable[[str], str]
) -> None:
    with psycopg.connect(spare_url) as owner:
        oldest = owner.execute("SELECT max(min_code_serial) FROM schema_compat").fetchone()
    assert oldest is not None
    if _serial_of(path) < oldest[0]:
        pytest.fail(f"{path.name} is of code that this schema does not serve: remove it")
    refused = []
    with psycopg.connect(as_runtime(spare_url), autocommit=True) as connection:
        connection.prepare_threshold = None
        for line in path.read_text(encoding="utf-8").splitlines():
            statement, count = _numbered(json.loads(line))
            nulls = f"({', '.join(['NULL'] * count)})" if count else ""
            try:
                connection.execute(f"PREPARE sent AS {statement}".encode())
                # The plan is made and the rights are checked; nothing is read or written.
                connection.execute(f"EXPLAIN EXECUTE sent{nulls}".encode())
            except psycopg.Error as error:
                refused.append(f"{statement[:120]}: {error}")
            connection.execute("DEALLOCATE ALL")
    assert refused == []


@pytest.mark.database
def test_a_revision_that_earlier_code_is_to_run_on_only_adds(database_url: str) -> None:
    for serial, (before, after) in enumerate(itertools.pairwise(_revisions()), 2):
        with psycopg.connect(database_url, autocommit=True) as connection:
            if serial == 2:
                migrate(database_url, before)
            relied_on = set(connection.execute(_RELIED_ON.encode()).fetchall())
            tables = {row[1].split(".")[0] for row in relied_on if row[0] == "column"}
            needed = {row[0] for row in connection.execute(_NEEDED.encode())}
            migrate(database_url, after)
            query = sql.SQL("SELECT min_code_serial FROM schema_compat WHERE serial = {}").format(serial)
            row = connection.execute(query).fetchone()
            assert row is not None
            if row[0] == serial:
                continue
            assert relied_on - set(connection.execute(_RELIED_ON.encode()).fetchall()) == set(), after
            new = {row[0] for row in connection.execute(_NEEDED.encode())} - needed
            assert {name for name in new if name.split(".")[0] in tables} == set(), after
