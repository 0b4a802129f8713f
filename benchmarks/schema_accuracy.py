"""Writes its section of docs/accuracy.md and prints it: `python benchmarks/schema_accuracy.py`.

`--squawk PROGRAM` is the other tool; `hotelctl doctor` says where hotelctl's own is. Takes some minutes.
 Exit code 1 when the half that is set aside misses a goal; the page is written all the same.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.planted.migrations import squawk
from benchmarks.planted.migrations.cases import MigrationCase, cases
from benchmarks.planted.migrations.shops import shops
from benchmarks.schema import breaking
from benchmarks.schema.page import keeps, section, written
from benchmarks.schema.watching import ROWS, told

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"


def main() -> int:
    """0 when precision, recall and naming keep their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squawk", type=Path, metavar="PROGRAM", required=True, help="the other tool")
    program = parser.parse_args().squawk
    known = cases()
    newest, older = _watched(18, known), _watched(16, known)
    others = {case.id: squawk.hazards(case, program) for case in known}
    release, changes = breaking.read()
    with shops() as copies:
        seen = tuple(breaking.seen(case, release, copies) for case in changes)
    about = {
        "number": str(len(known)),
        "naive": str(sum(case.naive for case in known)),
        "rows": str(ROWS),
        "squawk": _version(program),
    }
    made = section(newest, older, others, about, seen)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    sys.stdout.write(made)
    return int(not keeps(newest, seen))


def _watched(major: int, known: tuple[MigrationCase, ...]) -> Mapping[str, frozenset[str]]:
    began = time.monotonic()
    with shops(major) as copies:
        found = {case.id: told(case, copies) for case in known}
    sys.stderr.write(f"PostgreSQL {major}: {len(found)} migrations in {time.monotonic() - began:.0f} s\n")
    return found


def _version(program: Path) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


if __name__ == "__main__":
    sys.exit(main())
