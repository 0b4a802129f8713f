"""Writes docs/performance-service.md: `python benchmarks/service_load.py`.

The real service answers many hotels on a database of its own; what is measured, and how, the page says. Takes
about half an hour on a machine that does nothing else: rounds in which others used the cores are done again.

`--only writes,first-token,big-hotel` measures these parts alone in some minutes, tells the goals on standard
error and writes no page; with `--json FILE` the figures go there.

Exit code: 0 every goal kept, 1 a goal missed (the page tells which), 3 others used the cores: no page.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from benchmarks.service.goals import goals
from benchmarks.service.measure import PARTS, Extent, measure, say
from benchmarks.service.page import page
from benchmarks.service.seeding import Size

_PAGE = Path(__file__).parents[1] / "docs" / "performance-service.md"
_MISSED, _DISTURBED = 1, 3
_FULL = Extent(
    Size(1000, 200), 5, 50, seconds=10, warm_s=2, trial_s=3, page_loads=20, alone=60, soak_minutes=10
)
_QUICK = Extent(
    Size(20, 20), 1, 20, seconds=2, warm_s=0.3, trial_s=0.4, page_loads=1, alone=1, soak_minutes=0.1
)


def disturbed(found: Mapping[str, Any]) -> list[str]:
    """What was not measured in peace as often as it should have been."""
    wanted = found["extent"]["rounds"]
    names = [
        name
        for name, row in found.get("scenarios", {}).items()
        if len(row["all_rounds"]) - row["disturbed_rounds"] < wanted
    ]
    names += [
        f"capacity of {name}"
        for name, row in found.get("capacity", {}).items()
        if row["disturbed_rounds"] * 2 > wanted
    ]
    soak = found.get("soak")
    return [*names, "soak"] if soak and soak["load"]["disturbed"] else names


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value).__name__)


def _read_words(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="service_load.py", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a small run that judges nothing and writes no page"
    )
    parser.add_argument("--json", type=Path, help="where all figures go as data")
    parser.add_argument("--page", type=Path, default=_PAGE, help="where the page goes")
    parser.add_argument(
        "--only", type=_parts, help=f"these parts and no page, with commas between: {', '.join(PARTS)}"
    )
    parser.add_argument("--soak-minutes", type=float, help="how long memory is watched")
    return parser.parse_args(words)


def _parts(words: str) -> tuple[str, ...]:
    """The parts that are named. Raises ArgumentTypeError for one that there is not."""
    named = tuple(words.split(","))
    if unknown := set(named) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}")
    return named


def main(words: Sequence[str] | None = None) -> int:
    """The exit code; the figures are written also when a goal is missed."""
    given = _read_words(words)
    extent = _QUICK if given.quick else _FULL
    if given.soak_minutes is not None:
        extent = Extent(**{**_fields(extent), "soak_minutes": given.soak_minutes})
    parts = given.only or PARTS
    found = measure(extent, parts)
    judged = goals(found)
    if given.json:
        whole = {**found, "goals": judged, "disturbed": disturbed(found)}
        given.json.write_text(json.dumps(whole, default=_plain, indent=1) + "\n", encoding="utf-8")
    for goal in judged:
        say(f"{goal.what}: {goal.found} (goal: {goal.wanted}; {goal.met})")
    if given.quick:
        return 0
    if given.only:
        return _MISSED if any(goal.met is False for goal in judged) else 0
    if names := disturbed(found):
        say(f"others used the cores during {', '.join(names)}: no page is written; run it again in peace")
        return _DISTURBED
    given.page.write_text(page(found, judged), encoding="utf-8")
    return _MISSED if any(goal.met is False for goal in judged) else 0


def _fields(extent: Extent) -> dict[str, Any]:
    return {name: getattr(extent, name) for name in extent.__slots__}


if __name__ == "__main__":
    sys.exit(main())
