"""How a statement that hurts is written so that it does not, with the project's own names."""

import re
from collections.abc import Callable, Mapping

from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import Hazard, HazardKind

_CREATE_INDEX = re.compile(r"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)", re.IGNORECASE)
_COLUMNS = re.compile(r"\(.*\)", re.DOTALL)
_OUTSIDE = "outside of a transaction"
_LIMIT = "SET lock_timeout = '3s';"
_BY_ANOTHER = (
    "let a role that may do it do so once, ahead of the deploy, and\n"
    "write the migration so that it leaves alone what is done"
)


def safe_rewrite(hazard: Hazard, sql: str, path: str = "") -> str:
    """Statements in order; those of different transactions are parted by a line that says so.

    `path` is the file of the migration: how a transaction is left differs between Alembic and SQL.
    """
    return _REWRITES[hazard.kind](hazard, sql).replace(_OUTSIDE, _outside(path))


def _outside(path: str) -> str:
    if path.endswith(".sql"):
        return "in a file with the line -- hotelctl: no-transaction"
    if path.endswith(".py"):
        return "inside with op.get_context().autocommit_block()"
    return _OUTSIDE


def _index(hazard: Hazard, sql: str) -> str:
    definition = hazard.definition
    alone = f"{_OUTSIDE}:\n"
    if not definition:
        return f"{alone}REINDEX INDEX CONCURRENTLY {hazard.part or 'NAME'};"
    online = _CREATE_INDEX.sub(lambda hit: f"CREATE {hit[1] or ''}INDEX CONCURRENTLY ", definition) + ";"
    if _CREATE_INDEX.match(sql.strip()):
        return alone + online
    name = hazard.part.rpartition(".")[2]
    kind = "PRIMARY KEY" if "primary key" in sql.lower() else "UNIQUE"
    return (
        f"{alone}{online}\nthen, in a migration of its own:\n{_LIMIT}\n"
        f"ALTER TABLE {hazard.table} ADD CONSTRAINT {name} {kind} USING INDEX {name};"
    )


def _scan(hazard: Hazard, _sql: str) -> str:
    table, part = hazard.table, hazard.part
    if hazard.cause is ChangeKind.COLUMN_RETYPED:
        return (
            f"{_LIMIT}\nALTER TABLE {table} DROP CONSTRAINT the rule on {part},\n"
            f"ALTER {part} TYPE {hazard.definition}, ADD the rule again NOT VALID;\n"
            f"then, in a transaction of its own:\nALTER TABLE {table} VALIDATE CONSTRAINT it;"
        )
    if hazard.definition.startswith(("CHECK", "FOREIGN KEY")):
        rule = hazard.definition.removesuffix(" NOT VALID")
        return (
            f"{_LIMIT}\nALTER TABLE {table} ADD CONSTRAINT {part} {rule} NOT VALID;\n"
            f"then, in a transaction of its own:\nALTER TABLE {table} VALIDATE CONSTRAINT {part};"
        )
    if hazard.definition.endswith("NOT NULL"):
        rule = f"{part}_not_null"
        return (
            f"{_LIMIT}\nALTER TABLE {table} ADD CONSTRAINT {rule} CHECK ({part} IS NOT NULL) NOT VALID;\n"
            f"then, in a transaction of its own:\nALTER TABLE {table} VALIDATE CONSTRAINT {rule};\n"
            f"then:\nALTER TABLE {table} ALTER {part} SET NOT NULL, DROP CONSTRAINT {rule};"
        )
    return (
        f"a CHECK on {table} that says the same, NOT VALID first and validated\nin a transaction of its own"
    )


def _rewrite(hazard: Hazard, _sql: str) -> str:
    table, part = hazard.table, hazard.part
    if not part:
        return f"pg_repack, or a copy of {table} that is filled beside it and swapped by rename"
    if hazard.cause is ChangeKind.COLUMN_RETYPED:
        return (
            f"{_LIMIT}\nALTER TABLE {table} ADD COLUMN {part}_new {hazard.definition};\n"
            f"the release writes both; fill {part}_new in batches;\n"
            f"the next release reads {part}_new, the one after it drops {part}"
        )
    kind = hazard.definition.partition(" DEFAULT ")[0].partition(" generated")[0].partition(" identity")[0]
    return (
        f"{_LIMIT}\nALTER TABLE {table} ADD COLUMN {part} {kind};\n"
        f"ALTER TABLE {table} ALTER {part} SET DEFAULT ...;\nthen fill the old rows in batches"
    )


def _backfill(hazard: Hazard, _sql: str) -> str:
    return (
        "in batches, each its own transaction, until no row is left:\n"
        f"{hazard.table} by its key, some thousand rows at a time"
    )


def _apart(hazard: Hazard, _sql: str) -> str:
    return f"two migrations: what locks {hazard.table}, and what takes long"


def _limit(_hazard: Hazard, sql: str) -> str:
    return f"{_LIMIT}\n{sql.strip()};"


def _refused(hazard: Hazard, sql: str) -> str:
    if "(42501)" in hazard.detail:
        return _BY_ANOTHER
    return f"{_OUTSIDE}:\n{sql.strip()};" if "(25001)" in hazard.detail else ""


def _none(_hazard: Hazard, _sql: str) -> str:
    return ""


def _invalid(hazard: Hazard, _sql: str) -> str:
    name = hazard.part or "NAME"
    return f"DROP INDEX CONCURRENTLY {name};\nand build it again, concurrently"


_REWRITES: Mapping[HazardKind, Callable[[Hazard, str], str]] = {
    HazardKind.REWRITE: _rewrite,
    HazardKind.SCAN: _scan,
    HazardKind.INDEX_BUILD: _index,
    HazardKind.BACKFILL: _backfill,
    HazardKind.HELD_LOCK: _apart,
    HazardKind.NO_LOCK_TIMEOUT: _limit,
    HazardKind.CANNOT_RUN: _refused,
    HazardKind.FAILS_ON_DATA: _none,
    HazardKind.DATA_LOSS: _none,
    HazardKind.UNMET_DELETE: _none,
    HazardKind.UNMET_UPDATE: _none,
    HazardKind.UNTAKEN: _none,
    HazardKind.INVALID_INDEX: _invalid,
    HazardKind.CACHED_PLAN: _none,
}
