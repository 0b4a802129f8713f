"""Schema dumps as sets of statements, so that two databases can be compared object by object."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.facts.old_model import Drift
from hotelctl.facts.tenant_guards import TenantGuards

_TOKEN = re.compile(
    r"""(?P<skip>--[^\n]*|^\\[^\n]*)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<end>;)
    |(?P<other>[^'"$;\\-]+|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# What is no object of the schema: a session's settings, and whose an object is.
_PREAMBLE = re.compile(
    r"""^(?:SET\ |SELECT\ pg_catalog\.set_config
    |ALTER\ .*\ OWNER\ TO\ (?:"(?:[^"]|"")+"|[a-z_][a-z0-9_]*)$)""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(
    r"""^(?P<verb>CREATE(?:\ OR\ REPLACE)?(?:\ UNLOGGED|\ UNIQUE|\ MATERIALIZED)*\ \w+|ALTER\ \w+(?:\ ONLY)?
    |GRANT|REVOKE|COMMENT\ ON\ \w+|\w+)\s+
    (?P<rest>[^(\s]+(?:\s+(?:ON|ADD\ CONSTRAINT|ALTER\ COLUMN)\s+\S+)*)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class BuiltSchema:
    """An empty database after all migrations: how the upgrade and the model check ended, and its schema.

    `why` is empty when the upgrade went through.
    `model_exit` is None where the service has no command that compares its model, `guards` where the
    service file names no column that tells tenants apart. `at_live` is the schema that was there when the
    upgrade came by the live database's revision, None where it made no halt there.
    """

    why: str
    revision: str | None
    text: str
    model_exit: int | None = None
    model_words: str = ""
    model_argv: tuple[str, ...] = ()
    guards: TenantGuards | None = None
    at_live: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the upgrade went through."""
        return not self.why


@dataclass(frozen=True, slots=True)
class LiveDump:
    """The schema of the live database as text, with owners; empty where none was ever migrated."""

    text: str


@dataclass(frozen=True, slots=True)
class LiveSchema:
    """The schema of the live database and the revision that it claims."""

    database: str
    revision: str | None
    text: str


@dataclass(frozen=True, slots=True)
class SchemaAtLive:
    """What the migrations build from empty when they stop at the live database's revision.

    `named` is what Alembic calls the differences of the live schema from that; empty where it is not asked.
    `ledgers` are tables that no migration makes: that of another tool live, and ours where we ran its files.
    """

    revision: str
    why: str
    text: str
    named: tuple[Drift, ...] = ()
    ledgers: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the upgrade went through."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that two schemas do not share; a side is empty where it is missing."""

    name: str
    expected: str
    actual: str


def statements(text: str) -> tuple[str, ...]:
    """The statements of a dump, without comments, settings and owners, white space made even."""
    whole = (_even(one) for one in _split(text))
    return tuple(one for one in whole if one and not _PREAMBLE.match(one))


def differences(expected: str, actual: str) -> tuple[Difference, ...]:
    """The objects that differ, by name; column order is no difference."""
    left, right = _keyed(expected), _keyed(actual)
    only_left = {key: text for key, text in left.items() if key not in right}
    only_right = {key: text for key, text in right.items() if key not in left}
    names = sorted({object_name(text) for text in (*only_left.values(), *only_right.values())})
    return tuple(
        Difference(
            name,
            "\n".join(sorted(text for text in only_left.values() if object_name(text) == name)),
            "\n".join(sorted(text for text in only_right.values() if object_name(text) == name)),
        )
        for name in names
    )


def object_name(statement: str) -> str:
    """What a statement makes or changes, such as `CREATE TABLE public.notes`."""
    hit = _NAME.match(statement)
    return f"{hit['verb']} {hit['rest']}" if hit else statement[:60]


def _keyed(text: str) -> dict[str, str]:
    return {_order_free(one): one for one in statements(text)}


def _order_free(statement: str) -> str:
    """A table's columns in any order are one table."""
    if not statement.startswith("CREATE TABLE"):
        return statement
    head, _bracket, body = statement.partition("(")
    inner, _close, tail = body.rpartition(")")
    return f"{head}({','.join(sorted(_columns(inner)))}){tail}"


def _columns(inner: str) -> Iterator[str]:
    depth, start = 0, 0
    for position, letter in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield inner[start:position].strip()
            start = position + 1
    yield inner[start:].strip()


def _split(text: str) -> Iterator[str]:
    parts: list[str] = []
    for hit in _TOKEN.finditer(text):
        if hit.lastgroup == "end" or hit["end"]:
            yield "".join(parts)
            parts = []
        elif not hit["skip"]:
            parts.append(hit[0])
    yield "".join(parts)


def _even(statement: str) -> str:
    """Outside of quotes and bodies, runs of white space are one space."""

    def part(hit: re.Match[str]) -> str:
        return hit[0] if hit["text"] else re.sub(r"\s+", " ", hit[0])

    return _TOKEN.sub(part, statement).strip()
