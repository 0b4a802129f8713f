"""What a dump holds, as the snapshot that it was taken in told it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Checksum(StrEnum):
    """What of a row its hash is made of, which a table's checksum sums up."""

    ROW = "row"
    """The text of the whole row: backups of earlier versions."""
    COLUMNS = "columns"
    """The text of each column, and of those that may be NULL whether it is: less than half the work."""


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows and an order-free checksum of one table, read in one snapshot."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Packing:
    """How dumps are to be made smaller: by `gzip` or `zstd`, None for the best that all programs here know.

    `level` is how hard the one that is named is to work, None as usual.
    """

    method: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Dumped:
    """Tables by `schema.table` and the schema's text, both of the dump's own snapshot.

    `major` is the server's version. `system` is the server's own number and `wal` where its log stood,
    each None where the role may not know it. `compression` is `gzip` or `zstd`,
    `level` how hard, None where that was left to pg_dump. `checksum` is of what kind those of the tables are.
    """

    tables: Mapping[str, TableCount]
    schema: str
    major: int
    system: str | None
    wal: str | None
    compression: str
    level: int | None = None
    checksum: Checksum = Checksum.COLUMNS
