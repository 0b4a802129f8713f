"""Writes its section of docs/accuracy.md and prints it: `python benchmarks/secrets_accuracy.py`.

`--tools DIR` names where the other scanners are; without it they are not measured.
Exit code 1 when the half that is set aside misses a goal; the page is written all the same.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.planted.cases import MEASURED
from benchmarks.planted.measure import Figures, measure
from benchmarks.planted.page import section, written
from benchmarks.planted.score import LEAST, precision, recall
from benchmarks.planted.tools import OURS

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
FIGURES = Path(__file__).parent / "planted" / "figures.json"


def main() -> int:
    """0 when recall and precision keep their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, metavar="DIR", help="where the other scanners are")
    tools = parser.parse_args().tools
    figures = measure(tools.resolve() if tools else None)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    sys.stdout.write(section(figures))
    return int(not keeps(figures))


def keeps(figures: Figures) -> bool:
    """Whether the half that is set aside keeps the goals."""
    found = figures["halves"][MEASURED]
    mine, known = found["scanners"][OURS], found["known"]
    return recall(mine) >= LEAST and precision(mine) >= LEAST and precision(known) == 1.0


if __name__ == "__main__":
    sys.exit(main())
