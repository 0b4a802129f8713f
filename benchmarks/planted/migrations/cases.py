"""The labelled set: migrations of `base.sql`, what each does to those who use the database meanwhile."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TUNE, MEASURED = "tune", "measured"
PARTS = (TUNE, MEASURED)

REWRITE, INDEX_BUILD, SCAN = "rewrite", "index build", "scan"
BACKFILL, HELD_LOCK = "backfill", "held lock"
CANNOT_RUN, DATA_LOSS, INVALID_INDEX = "cannot run", "data loss", "invalid index"
CACHED_PLAN = "cached plan"
HAZARDS = frozenset(
    {REWRITE, INDEX_BUILD, SCAN, BACKFILL, HELD_LOCK, CANNOT_RUN, DATA_LOSS, INVALID_INDEX, CACHED_PLAN}
)
UNCOUNTED = frozenset({CACHED_PLAN})
"""What makes no case unsafe: many tools do not look for it, so no tool is judged by it."""

HERE = Path(__file__).parent
BASE, ROWS = HERE / "base.sql", HERE / "rows.sql"


@dataclass(frozen=True, slots=True)
class MigrationCase:
    """One migration: `sql` is its file; `table`, of the base, is the one that is hurt, or might seem so.

    `transaction` tells a file that runs in one transaction from one whose statements run each on its own.
    `naive` marks a safe one that looks like a hazard.
    """

    id: str
    sql: str
    table: str
    why: str
    hazards: frozenset[str]
    transaction: bool = True
    naive: bool = False

    @property
    def part(self) -> str:
        """Drawn by the id alone."""
        return PARTS[hashlib.sha256(self.id.encode()).digest()[0] % 2]

    @property
    def safe(self) -> bool:
        """Whether nothing counts against it."""
        return not counted(self.hazards)


def counted(hazards: Iterable[str]) -> frozenset[str]:
    """The hazards by which cases and tools are judged."""
    return frozenset(hazards) - UNCOUNTED


@cache
def cases() -> tuple[MigrationCase, ...]:
    """All of the set, in the order of the tables."""
    tables = (tomllib.loads(path.read_text("utf-8")) for path in sorted((HERE / "labelled").glob("*.toml")))
    return tuple(
        MigrationCase(**{**one, "hazards": frozenset(one["hazards"])})
        for table in tables
        for one in table["case"]
    )


def of_part(part: str) -> tuple[MigrationCase, ...]:
    """Those of one half."""
    return tuple(case for case in cases() if case.part == part)
