"""A hazard: how a statement of a migration would hurt a database that is in use."""

from dataclasses import dataclass
from enum import StrEnum

from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.lock_mode import LockMode


class HazardKind(StrEnum):
    """How a statement hurts."""

    REWRITE = "rewrite"
    SCAN = "scan"
    INDEX_BUILD = "index build"
    BACKFILL = "backfill"
    HELD_LOCK = "held lock"
    NO_LOCK_TIMEOUT = "no lock_timeout"
    CANNOT_RUN = "cannot run"
    FAILS_ON_DATA = "fails on data"
    DATA_LOSS = "data loss"
    UNMET_DELETE = "delete that met no row"
    UNMET_UPDATE = "update that met no row"
    UNTAKEN = "change in a branch not taken"
    INVALID_INDEX = "invalid index"
    CACHED_PLAN = "cached plan"


# Work that grows with the table.
LONG = frozenset({HazardKind.REWRITE, HazardKind.SCAN, HazardKind.INDEX_BUILD, HazardKind.BACKFILL})


@dataclass(frozen=True, slots=True)
class Hazard:
    """`statement` is its place in the trace; `lock` what it holds on `table` meanwhile, None for none.

    `refused` is what others have to wait for, `detail` the measured fact in words. `part` is the column,
    constraint or index that brings it, `definition` how the catalogue writes that, `cause` what happened to
    it; empty where there is none.
    """

    kind: HazardKind
    statement: int
    table: str
    detail: str
    lock: LockMode | None = None
    refused: str = ""
    part: str = ""
    definition: str = ""
    cause: ChangeKind | None = None
