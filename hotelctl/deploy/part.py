"""How much of a large database's backup a deploy restores on trial."""

from hotelctl.config.backups import Backups
from hotelctl.core.units import size
from hotelctl.deploy.backup import Backup
from hotelctl.deploy.operation import Operation
from hotelctl.facts.partial_restore import Part, chosen

_SIZE = "SELECT pg_catalog.pg_database_size(current_database())"
_SIZES = """
SELECT n.nspname || '.' || c.relname, pg_catalog.pg_table_size(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r'
"""
# Who refers to a table that has partitions refers to rows of these.
_REFERENCES = """
SELECT DISTINCT n.nspname || '.' || c.relname, tn.nspname || '.' || t.relname
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT k.confrelid AS oid UNION SELECT relid FROM pg_catalog.pg_partition_tree(k.confrelid)) r
JOIN pg_catalog.pg_class t ON t.oid = r.oid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE k.contype = 'f' AND t.relkind = 'r'
"""
_LEDGER = """
SELECT n.nspname || '.' || c.relname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass(%s)
"""


def planned(backups: Backups) -> str:
    """What `part_of` will do, in words; empty where everything is restored always."""
    if backups.prove == "full":
        return ""
    more = f" and tables up to {size(backups.sample_bytes)}" if backups.prove == "sample" else ""
    return f"of a database above {size(backups.full_up_to_bytes)} only the schema{more}"


def part_of(operation: Operation, made: Backup) -> Part | None:
    """What of `made` is restored, None for all of it.

    Raises:
        Unavailable: the server cannot be asked, or nobody can tell where the ledger of migrations is.

    """
    said, url, databases = (
        operation.configuration.spec.backups,
        operation.database_url,
        operation.world.databases,
    )
    if said.prove == "full" or url is None:
        return None
    size_bytes = int(databases.query(url, _SIZE).values[0][0])
    if size_bytes <= said.full_up_to_bytes:
        return None
    sizes = {
        str(name): int(held) for name, held in databases.query(url, _SIZES).values if name in made.tables
    }
    references: dict[str, set[str]] = {}
    for name, other in databases.query(url, _REFERENCES).values:
        references.setdefault(name, set()).add(other)
    ledger = [
        str(name) for (name,) in databases.query(url, _LEDGER, (operation.world.work.ledger().table,)).values
    ]
    # A table that is empty costs nothing, but its size is none of what was asked to be restored either.
    budget = said.sample_bytes if said.prove == "sample" else -1
    tables = chosen(sizes, references, ledger, budget)
    left = {name: one.rows for name, one in made.tables.items() if name not in tables and one.rows}
    return Part(tables, left, size_bytes) if left else None
