"""What a release was heard to ask in its own tests, kept with it so that later schemas can be asked it.

No value is kept: see `masked_sql`.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hotelctl.core.redact import by_shape
from hotelctl.facts.masked_sql import masked, masked_value, shape
from hotelctl.facts.server_log import Heard
from hotelctl.facts.sql_split import all_words, first_words, split_sql

SCHEMA = "hotelctl.statements/1"
# The statements of a service of a hundred tables; each is asked three times, in about a millisecond.
MOST = 500
_LONGEST = 8000
# What reaches beyond its own transaction is not said again: it ends sessions, waits, keeps locks, or calls
# somebody elsewhere.
_REACHING = (
    *("aws_lambda", "http_delete", "http_get", "http_patch", "http_post", "http_put", "pg_background_"),
    *("pg_file_", "pg_logical_emit_"),
    *("dblink", "lo_", "pg_advisory_", "pg_cancel_", "pg_notify", "pg_reload_", "pg_rotate_", "pg_sleep"),
    *("pg_switch_", "pg_terminate_", "pg_try_advisory_", "set_config", "setval"),
)
_ASKING = frozenset({"select", "insert", "update", "delete", "merge", "with", "values"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One statement, and for each of its parameters a value of the form that one had; None for NULL.

    What the server counted `live` comes without values.
    """

    sql: str
    values: tuple[str | None, ...] = ()
    live: bool = False


@dataclass(frozen=True, slots=True)
class KeptStatements:
    """Statements that differ in more than values; `left_out` is how many more there were.

    `of_owner` says that nobody but the owner spoke: some may be the tests' own, and none of the service.
    """

    statements: tuple[Kept, ...] = ()
    left_out: int = 0
    of_owner: bool = False

    def to_json(self) -> Mapping[str, Any]:
        """A plain mapping; `kept_from_json` reads it again."""
        rows = [{"sql": one.sql, "values": list(one.values)} for one in self.statements]
        return {
            "schema": SCHEMA,
            "of_owner": self.of_owner,
            "left_out": self.left_out,
            "statements": rows,
        }


NOTHING_KEPT = KeptStatements()
"""Of a release whose tests asked nothing, or that is older than this."""


def kept_from_json(data: bytes) -> KeptStatements:
    """What `to_json` wrote. Raises `ValueError` for anything else."""
    match json.loads(data):
        case {
            "schema": str(schema),
            "statements": list(rows),
            "left_out": int(left_out),
            "of_owner": bool(of_owner),
        }:
            if schema != SCHEMA:
                raise ValueError(f"they are {schema[:40]!r}, and {SCHEMA} is read")
            found = tuple(_row(number, row) for number, row in enumerate(rows, 1))
            return KeptStatements(found, left_out, of_owner)
    raise ValueError("these are no kept statements")


def _row(number: int, row: object) -> Kept:
    """One statement. Raises `ValueError` that names it where it, or one of its values, is no text."""
    match row:
        case {"sql": str(sql), "values": list(values)}:
            given = tuple(one for one in values if one is None or isinstance(one, str))
            if len(given) == len(values):
                return Kept(sql, given)
            raise ValueError(f"statement {number} has a value that is no text")
    raise ValueError(f"statement {number} has no text and list of values")


def chosen(said: Iterable[Heard], owner: str, words: Collection[str]) -> KeptStatements:
    """Of what was said, what reads and writes rows, each shape once with one sample of values.

    Where others than the owner spoke, theirs alone counts: a service has a role of its own, and what the
    owner does beside it makes the schema, or is the tests' own.
    """
    of_owner, of_others = _Chosen(words), _Chosen(words)
    for one in said:
        (of_owner if one.role == owner else of_others).add(one)
    return of_others.result() if of_others.found else replace(of_owner.result(), of_owner=True)


@dataclass(slots=True)
class _Chosen:
    """What was chosen so far, by its shape."""

    words: Collection[str]
    found: dict[str, Kept] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def add(self, one: Heard) -> None:
        """Many are said again and again in the very same words."""
        if one.sql in self._seen or len(one.sql) > _LONGEST:
            return
        self._seen.add(one.sql)
        for said in [one.sql] if one.values else [each.text for each in split_sql(one.sql)]:
            self._add(said, one.values)

    def _add(self, said: str, values: tuple[str | None, ...]) -> None:
        if not _ASKING.intersection(first_words(said, 1)) or _reaches(said):
            return
        sql = masked(said, self.words)
        # Behind the masks stand only names; one that looks like a secret is none that a schema has.
        if sql is None or by_shape(sql) != sql or (key := shape(sql)) in self.found:
            return
        plain = (None if one is None else masked_value(one, self.words) for one in values)
        self.found[key] = Kept(sql, tuple(plain))

    def result(self) -> KeptStatements:
        """Those that were said first."""
        some = tuple(self.found.values())
        return KeptStatements(some[:MOST], max(0, len(some) - MOST))


def _reaches(sql: str) -> bool:
    """Whether it names any of these, quoted or not."""
    return any(word.startswith(_REACHING) for word in all_words(sql.replace('"', " ")))
