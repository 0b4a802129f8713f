"""Holds every label against a real server: `python -m benchmarks.planted.migrations.prove [ID ...]`.

Prints each case in which label and server disagree and ends with 1 for any. The server is right.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.planted.migrations import cases as known
from benchmarks.planted.migrations.cases import MigrationCase, cases
from benchmarks.planted.migrations.shops import DOUBLED, EMPTY, FILLED, Shops, shops
from benchmarks.planted.migrations.watch import Seen, Step, Watch

# What part of a table's rows a statement must change to be long work; how many times as many in a table of
# twice the size.
_PART, _GROWTH = 0.15, 1.5
_FAILED = "failure on its rows"
_EVERYWHERE = frozenset({known.CANNOT_RUN, known.INVALID_INDEX, _FAILED})
"""Hazards of no table in particular."""

Proven = Mapping[str, frozenset[str]]
"""By hazard the tables that it hurts."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one step did to tables that were there before."""

    rewritten: frozenset[str]
    built: frozenset[str]
    read: frozenset[str]
    changed: frozenset[str]

    @property
    def tables(self) -> frozenset[str]:
        """Those that it worked on for long."""
        return self.rewritten | self.built | self.read | self.changed


def proven(case: MigrationCase, shop: Shops) -> Proven:
    """The hazards that the server shows."""
    seen = _watched(case, shop, FILLED)
    refused = bool(seen.error) and _watched(case, shop, EMPTY).error == seen.error
    works = [(step, _work(step, seen)) for step in seen.steps]
    rewritten = frozenset[str]().union(*(work.rewritten for _, work in works))
    built = frozenset[str]().union(*(work.built & _kept_out(step) for step, work in works)) - rewritten
    scanned = frozenset[str]().union(*((work.read - work.changed) & _kept_out(step) for step, work in works))
    found = {
        known.REWRITE: rewritten,
        known.INDEX_BUILD: built,
        known.SCAN: scanned - rewritten - built,
        known.BACKFILL: _backfilled(case, shop, seen),
        known.HELD_LOCK: frozenset[str]().union(*(_held(step, work) for step, work in works)),
        known.CANNOT_RUN: frozenset({seen.error} if refused else ()),
        known.DATA_LOSS: seen.lost,
        known.INVALID_INDEX: seen.invalid,
        known.CACHED_PLAN: seen.failed_plans,
        # No label: a case must run to its end, unless it is one of an index that was not finished.
        _FAILED: frozenset({seen.error} if seen.error and not refused and not seen.invalid else ()),
    }
    return {hazard: tables for hazard, tables in found.items() if tables}


def disagreements(case: MigrationCase, found: Proven) -> Iterator[str]:
    """A line for each label that the server does not show, each that it shows beside, and a wrong table."""
    for hazard in sorted(case.hazards - set(found)):
        yield f"{case.id}: no {hazard}"
    for hazard in sorted(set(found) - case.hazards):
        yield f"{case.id}: {hazard} of {', '.join(sorted(found[hazard]))}"
    hurt = {
        hazard: tables for hazard, tables in found.items() if hazard in known.counted(found) - _EVERYWHERE
    }
    if hurt and case.table not in frozenset[str]().union(*hurt.values()):
        yield f"{case.id}: {case.table} is not hurt, but {hurt}"


def _watched(case: MigrationCase, shop: Shops, template: str) -> Seen:
    with shop.fresh(template) as url:
        watch = Watch(url)
        try:
            return watch.run(case)
        finally:
            watch.close()


def _work(step: Step, seen: Seen) -> Work:
    both = {table: (step.before[table], after) for table, after in step.after.items() if table in step.before}
    # What a TRUNCATE leaves has new files, too, and nothing was written into them.
    whole = {table: pair for table, pair in both.items() if table not in seen.emptied}
    return Work(
        frozenset(table for table, (old, new) in whole.items() if old["file"] != new["file"]),
        frozenset(
            table
            for table, (old, new) in whole.items()
            if set(new["indexes"].values()) - set(old["indexes"].values()) - {None}
        ),
        frozenset(table for table, pair in both.items() if _grown(pair, "read") >= seen.rows[table] > 0),
        frozenset(
            table for table, pair in both.items() if _grown(pair, "changed") > seen.rows[table] * _PART
        ),
    )


def _grown(pair: tuple[Mapping[str, int], Mapping[str, int]], what: str) -> int:
    return pair[1][what] - pair[0][what]


def _kept_out(step: Step) -> frozenset[str]:
    """Tables that were locked against writers when the step was done, and that refused one afterwards."""
    return step.refused & _locked(step.after)


def _locked(state: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
    return frozenset(table for table, one in state.items() if one["locked"])


def _held(step: Step, work: Work) -> frozenset[str]:
    """Tables locked before the step, which waited for work elsewhere or for changes of rows."""
    return frozenset(table for table in _locked(step.before) if work.changed or work.tables - {table})


def _backfilled(case: MigrationCase, shop: Shops, seen: Seen) -> frozenset[str]:
    """Tables of which more rows are changed when there are more."""
    many = {table for table, rows in seen.changed.items() if rows > seen.rows.get(table, 0) * _PART}
    if not many:
        return frozenset()
    again = _watched(case, shop, DOUBLED).changed
    return frozenset(table for table in many if again.get(table, 0) >= seen.changed[table] * _GROWTH)


def main(wanted: Iterable[str]) -> int:
    """0 when server and labels agree on every case, or on those of the given ids."""
    names = set(wanted)
    if unknown := names - {case.id for case in cases()}:
        sys.exit(f"there is no case {', '.join(sorted(unknown))}")
    chosen = [case for case in cases() if not names or case.id in names]
    found: list[str] = []
    with shops() as shop:
        for case in chosen:
            told = list(disagreements(case, proven(case, shop)))
            sys.stdout.writelines(f"{line}\n" for line in told)
            sys.stdout.flush()
            found += told
    sys.stdout.write(f"{len(chosen)} cases, {len(found)} disagreements\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
