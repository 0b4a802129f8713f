"""DB004: the live schema is what its migrations build."""

import re
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.schema_text import Difference, LiveSchema, SchemaAtLive, differences

_NAME = r'(?:"(?:[^"]|"")+"|[^\s."]+)'
_INDEX = re.compile(rf"CREATE (?:UNIQUE )?INDEX (?P<name>{_NAME}) ON (?:ONLY )?(?P<schema>{_NAME})\.")


@check(
    "DB004",
    "The live schema is what its migrations build",
    severity=Severity.CRITICAL,
    rationale=(
        "A hand-made change is not in any migration: the next one may fail on it, and a restore loses it."
    ),
    remediation="Write a migration for what is meant to stay, and undo by hand what is not.",
    stage=Stage.BUILD,
)
def live_schema_is_what_migrations_build(live: LiveSchema, built: SchemaAtLive) -> Iterator[Finding]:
    """A finding for every object that the live database and a freshly built one do not share."""
    if not built.ok:
        raise Unavailable(f"the migrations do not run from empty up to {built.revision}: {built.why}")
    for one in differences(built.text, live.text):
        if any(ledger in one.name for ledger in built.ledgers):
            continue
        yield Finding(
            subject=one.name,
            message=f"{one.name} {_what(one)} at revision {built.revision}{_named(one, built)}",
            evidence=(QueryResult(live.database, "schema, object by object", 1, by_shape(_both(one))),),
            fix=_remedy(one.expected) if one.expected and not one.actual else "",
        )


def _remedy(expected: str) -> str:
    """An index that a build which was broken off left invalid is in no dump, and in the way of a new one."""
    index = _INDEX.match(expected)
    before = f"DROP INDEX IF EXISTS {index['schema']}.{index['name']};\n" if index else ""
    return f"{before}{expected};"


def _what(one: Difference) -> str:
    if not one.actual:
        invalid = ", or invalid there" if _INDEX.match(one.expected) else ""
        return f"is missing in the live database{invalid}"
    return "is only in the live database" if not one.expected else "differs from what the migrations build"


def _named(one: Difference, built: SchemaAtLive) -> str:
    """What Alembic calls it: it sees less than the dump, and has the words of the models."""
    told = [drift.words for drift in built.named if _is_of(drift.table, one)]
    return f"; Alembic: {', '.join(told)}" if told else ""


def _is_of(table: str, one: Difference) -> bool:
    bare = table.rpartition(".")[2].strip('"')
    return re.search(rf"(?<=[.\s]){re.escape(bare)}(?=\s|$)", one.name.replace('"', "")) is not None


def _both(one: Difference) -> str:
    return f"built: {one.expected or '(none)'}\nlive: {one.actual or '(none)'}"
