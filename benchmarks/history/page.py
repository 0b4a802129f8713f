"""The page that tells how long the search through a history takes."""

import os
import platform
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.history.measure import Measured
from benchmarks.history.project import VALUES
from benchmarks.run import Run

MOST_COLD, MOST_EXACT, MOST_WARM_S, MOST_MB = 1.5, 1.3, 1.0, 500.0
_TOP = """# How long the search for secrets takes

Written by `python benchmarks/secrets_speed.py --betterleaks FILE [--real REPOSITORY]`; do not edit.
Machine: {cores} cores, Python {python}; {load:.1f} others were waiting for them when it began.

Each command was started in turn with what it is held against, {rounds} times. Seconds are of the whole
command, from the shell, start included: the median, and from the least to the most. Where a machine has other
work, wall time says more of that; processor time, of the command and of all it starts, says what it costs.

- *alone*: `betterleaks git`, as it comes.
- *cold*: `hotelctl validate --only secrets` without anything kept: history, messages, archives, known values,
  work tree, ignore files.
- *given out*: `git cat-file --batch-all-objects --batch` to a null device.
- *exact*: `hotelctl validate --only SEC003 --no-cache` with {values} values, which stand nowhere.
- *begun*: `hotelctl validate --only SEC009`, which has nothing to do: what any command costs before its work.
- *warm*: `hotelctl validate --only secrets` after one commit more.
- *memory*: of hotelctl, its most; *with all*: with the processes that it starts, betterleaks and git, what no
  file backs.
"""


def page(found: Sequence[Measured], rounds: int, load: float) -> str:
    """Goals and figures of each repository."""
    top = _TOP.format(
        cores=os.cpu_count(), python=platform.python_version(), rounds=rounds, load=load, values=VALUES
    )
    return "\n".join([top, *("\n".join(_section(one)) for one in found)])


def goals(one: Measured) -> tuple[tuple[str, float, float, str], ...]:
    """Name, found, the most that is allowed, and the unit."""

    def ratio(kind: str, beside: str, field: str) -> float:
        return one.middle(kind, field) / one.middle(beside, field)

    return (
        ("cold / alone, wall", ratio("cold", "alone", "wall_s"), MOST_COLD, ""),
        ("cold / alone, processor", ratio("cold", "alone", "cpu_s"), MOST_COLD, ""),
        ("exact / given out, wall", ratio("exact", "given out", "wall_s"), MOST_EXACT, ""),
        ("exact / given out, processor", ratio("exact", "given out", "cpu_s"), MOST_EXACT, ""),
        ("warm, wall", one.middle("warm", "wall_s"), MOST_WARM_S, " s"),
        ("memory, cold", max(run.own_mb for run in one.runs["cold"]), MOST_MB, " MB"),
        ("memory with all, cold", max(run.all_mb for run in one.runs["cold"]), MOST_MB, " MB"),
    )


def _section(one: Measured) -> Iterator[str]:
    yield f"## {one.name}: {one.commits:,} commits, {one.objects:,} objects of {one.size_mb:.0f} MB"
    yield from ("", "| goal | at most | found | |", "|---|---|---|---|")
    for name, value, most, unit in goals(one):
        places = 0 if unit == " MB" else 2
        kept = "kept" if value <= most else "**missed**"
        yield f"| {name} | {most:g}{unit} | {value:.{places}f}{unit} | {kept} |"
    yield from (
        "",
        "| command | wall, s | processor, s | memory, MB | with all, MB |",
        "|---|---|---|---|---|",
    )
    for name, runs in one.runs.items():
        yield _row(name, runs)
    yield ""


def _row(name: str, runs: Sequence[Run]) -> str:
    spans = (_span([getattr(run, field) for run in runs]) for field in ("wall_s", "cpu_s"))
    most = (max(getattr(run, field) for run in runs) for field in ("own_mb", "all_mb"))
    return f"| {name} | {' | '.join(spans)} | {' | '.join(f'{one:.0f}' for one in most)} |"


def _span(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f}, n = {len(values)})"
