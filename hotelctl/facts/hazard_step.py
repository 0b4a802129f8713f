"""One statement of a trace with what was there before it, as those who look for hazards need it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.catalogue_change import Change
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_set import is_ledger
from hotelctl.facts.migration_trace import Rows, Trace, Traced, noted_revision
from hotelctl.facts.sql_split import first_words

# Whatever they call may do anything to any table.
_HIDING = frozenset({"do", "select", "call", "with"})


@dataclass(frozen=True, slots=True)
class Step:
    """The statement at `place` of the trace; `before` is the catalogue in front of it."""

    trace: Trace
    place: int
    before: Catalogue
    one: Traced

    @property
    def word(self) -> str:
        """Its first word in small letters."""
        return next(iter(first_words(self.one.sql, 1)), "")

    @property
    def takes_back(self) -> bool:
        """Whether it only undoes what the transaction did itself, as far as a savepoint."""
        return self.word == "rollback"

    @property
    def caught(self) -> bool:
        """Whether the migration went on in the same transaction, as it can behind a savepoint only."""
        behind = self.trace.statements[self.place + 1 : self.place + 2]
        return any(one.transaction == self.one.transaction and one.error is None for one in behind)

    @property
    def hides(self) -> bool:
        """Whether it may be many statements in one."""
        return self.word in _HIDING

    @property
    def held_before(self) -> Mapping[int, LockMode]:
        """The locks that its transaction had when it began."""
        if self.place == 0:
            return {}
        former = self.trace.statements[self.place - 1]
        return former.locks if former.transaction == self.one.transaction else {}

    def lived(self, relation: int) -> bool:
        """Whether others knew the relation before the run, and it is none that only migrations write."""
        known = self.trace.before.relations.get(relation)
        return known is not None and not is_ledger(known.name) and not noted_revision(self.one.sql)

    def rows_of(self, table: int) -> int:
        """How many rows the table had before the run."""
        return self.trace.row_counts.get(table, 0)

    def reads_all(self, rows: Rows, table: int) -> bool:
        """Whether it went through all rows of the table, be there any or none."""
        return rows.scans > 0 and rows.read >= self.rows_of(table)

    def empties(self, table: int) -> bool:
        """Whether the table's new file is one without rows: whoever copies them has to read them."""
        read = self.one.rows.get(table, Rows()).read
        return self.word == "truncate" or (self.hides and self.rows_of(table) > 0 and not read)

    def hazard(self, kind: HazardKind, relation: int, detail: str, cause: Change | None = None) -> Hazard:
        """A hazard of this statement on a relation, with the lock and whom that keeps waiting."""
        lock = self.one.locks.get(relation)
        blocked = self.one.blocked.get(relation, ())
        refused = (lock.refuses if lock else "") or " and ".join(blocked)
        name = self.trace.before.name(relation)
        if cause is None:
            return Hazard(kind, self.place, name, detail, lock, refused)
        part, new, what = cause.part, cause.new, cause.kind
        return Hazard(kind, self.place, name, detail, lock, refused, part, new, what)


def steps(trace: Trace) -> Iterator[Step]:
    """The statements in order."""
    before = trace.before
    for place, one in enumerate(trace.statements):
        yield Step(trace, place, before, one)
        before = one.after or before
