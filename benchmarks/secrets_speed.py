"""Writes docs/performance-secrets.md: `python benchmarks/secrets_speed.py --betterleaks FILE`, half an hour.

`--real DIR` names a repository of somebody, on which all is measured, too. Exit code 1 when a goal is missed;
the page is written all the same.
"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history.generated import generated
from benchmarks.history.measure import measured
from benchmarks.history.page import goals, page
from benchmarks.history.project import cloned, made_project

PAGE = Path(__file__).parents[1] / "docs" / "performance-secrets.md"


def main() -> int:
    """0 when every goal is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--betterleaks", type=Path, required=True, metavar="FILE", help="the program")
    parser.add_argument("--real", type=Path, metavar="DIR", help="a repository to clone")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each  [default: 5]")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="history-") as held:
        places = {"Generated": Path(held) / "generated"}
        generated(places["Generated"])
        if asked.real:
            places["Real"] = Path(held) / "real"
            cloned(asked.real.resolve(), places["Real"])
        for place in places.values():
            made_project(place)
        program = asked.betterleaks.resolve()
        found = [measured(name, place, program, asked.rounds) for name, place in places.items()]
    text = page(found, asked.rounds, load)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(any(value > most for one in found for _, value, most, _ in goals(one)))


if __name__ == "__main__":
    sys.exit(main())
