"""How long `hotelctl validate` takes, cold and warm: `python -m benchmarks.validate [WORDS]`.

It is asked in turn of a clone of HEAD: cold (no answer is kept yet), and warm (nothing has changed since).
`--generated` asks it of a made-up repository of 5,000 files and 2,000 commits instead
(benchmarks/repository.py), `--rounds N` sets how often; all other words are validate's own. The processor's
time stands beside the clock's: where other work goes on, it is the steadier one. It is that of all that the
command started; processes that leave it, such as a database server, are in the clock's alone.

Beside it, the outside programs are run one after the other over the same project, with the flags of
everyday; one that finds nothing to read there is said and not counted. Two figures are to be told from them:
what hotelctl takes cold beside the slowest program of its own run, and what it takes beside all of them.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.repository import made
from benchmarks.run import Run, run

_ROOT = Path(__file__).parents[1]
_ROUNDS = 5
_GOAL_WARM_S, _GOAL_COLD = 1.5, 1.3
# 0 ready, 1 blocked, 3 unverified: each has judged.
_JUDGED = (0, 1, 3)


@dataclass(frozen=True, slots=True)
class _Program:
    """An outside program; with `reads`, a pattern of git's, it is given the tracked files that fit.

    With one of `ends` it has judged: what ends otherwise ends the benchmark.
    """

    words: tuple[str, ...]
    reads: str = ""
    ends: tuple[int, ...] = (0,)


_PROGRAMS: Mapping[str, _Program] = {
    "betterleaks, files": _Program(("betterleaks", "fs", "--silent", "--no-color", "."), ends=(0, 1)),
    "betterleaks, history": _Program(("betterleaks", "git", "--silent", "--no-color", "."), ends=(0, 1)),
    "hadolint": _Program(("hadolint", "--no-fail"), "Dockerfile"),
    "zizmor": _Program(("zizmor", "--offline", "--no-exit-codes"), ".github/workflows/*.yml"),
    "squawk": _Program(("squawk",), "*migrations*.sql", ends=(0, 1)),
}


def validated(project: Path, flags: Sequence[str]) -> Run:
    """One validation of `project`; one that does not judge ends the benchmark."""
    # Not from the clone itself, whose directories would be touched by what is compiled.
    argv = (
        sys.executable,
        "-P",
        "-c",
        "from hotelctl.__main__ import run; run()",
        "validate",
        "--quiet",
        *flags,
    )
    return run(argv, project, _JUDGED)


def slowest(project: Path) -> tuple[str, float]:
    """The program that took longest in the newest report, and its seconds."""
    lines = (project / "reports" / "latest" / "evidence.jsonl").read_text().splitlines()
    ran = [one for one in map(json.loads, lines) if one["adapter"] == "process" and not one.get("cached")]
    if not ran:
        return "none", 0.0
    last = max(ran, key=lambda one: float(one["duration_ms"]))
    return " ".join(Path(word).name for word in last["argv"][:3]), last["duration_ms"] / 1000


def alone(project: Path, tools: Path) -> dict[str, Run | None]:
    """Each of the programs by itself; None where the project has nothing that it reads.

    One that is not there ends the benchmark.
    """
    found: dict[str, Run | None] = {}
    for name, one in _PROGRAMS.items():
        program = shutil.which(one.words[0], path=f"{tools}:{Path(sys.executable).parent}")
        if program is None:
            sys.exit(f"{one.words[0]} is not there: hotelctl doctor says how to get it")
        files = _tracked(project, one.reads) if one.reads else []
        readable = bool(files) or not one.reads
        found[name] = run((program, *one.words[1:], *files), project, one.ends) if readable else None
    return found


def _tracked(project: Path, pattern: str) -> list[str]:
    argv = ("/usr/bin/env", "git", "ls-files", pattern)
    return subprocess.run(argv, cwd=project, capture_output=True, check=True, text=True).stdout.splitlines()


def told(name: str, values: Sequence[float]) -> str:
    """A line of the table."""
    spread = f"min {min(values):.2f}, max {max(values):.2f}, n {len(values)}"
    return f"{name:<24} median {statistics.median(values):.2f} s, {spread}\n"


def main(project: Path, flags: Sequence[str], rounds: int) -> None:
    """Print medians, spread and peaks of memory; and the goals, reached or not."""
    from hotelctl.adapters.sealed import key  # noqa: PLC0415 - where the tools are is hotelctl's to say
    from hotelctl.adapters.tools import PINS, home  # noqa: PLC0415

    found: dict[str, list[Run]] = {"cold": [], "warm": []}
    longest: list[tuple[str, float]] = []
    for _ in range(rounds):
        shutil.rmtree(project / ".hotelctl" / "cache" / "kept", ignore_errors=True)
        found["cold"].append(validated(project, flags))
        longest.append(slowest(project))
        found["warm"].append(validated(project, flags))
    for name, values in found.items():
        sys.stdout.write(told(name, [one.wall_s for one in values]))
        sys.stdout.write(told(f"{name}, processor", [one.cpu_s for one in values]))
        own, every = (max(sizes) for sizes in zip(*((one.own_mb, one.all_mb) for one in values), strict=True))
        sys.stdout.write(f"{name + ', memory':<24} {own:.0f} MB, {every:.0f} MB with all it starts\n")
    _tell_alone(alone(project, home({}) / key(PINS.read_bytes()) / "bin"))
    goals(found, longest)


def _tell_alone(found: Mapping[str, Run | None]) -> None:
    for name, one in found.items():
        said = f"{one.wall_s:.2f} s, processor {one.cpu_s:.2f} s" if one else "nothing that it reads"
        sys.stdout.write(f"{'alone: ' + name:<28} {said}\n")
    sys.stdout.write(f"{'alone: all of them':<28} {sum(one.wall_s for one in found.values() if one):.2f} s\n")


def goals(found: Mapping[str, Sequence[Run]], longest: Sequence[tuple[str, float]]) -> None:
    """Print each goal with what was measured for it."""
    warm_s = statistics.median(one.wall_s for one in found["warm"])
    cold_s = statistics.median(one.wall_s for one in found["cold"])
    name, program_s = sorted(longest, key=lambda one: one[1])[len(longest) // 2]
    ratio = cold_s / program_s if program_s else float("inf")
    sys.stdout.write(f"slowest program, cold     {name}: {program_s:.2f} s\n")
    sys.stdout.write(f"goal {_GOAL_WARM_S} s warm: {_word(warm_s <= _GOAL_WARM_S)}, {warm_s:.2f} s\n")
    sys.stdout.write(
        f"goal {_GOAL_COLD} x the slowest program, cold: {_word(ratio <= _GOAL_COLD)}, {ratio:.2f}\n"
    )


def _word(reached: bool) -> str:  # noqa: FBT001 - a word for it
    return "reached" if reached else "missed"


def _asked() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--generated", action="store_true")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    return parser.parse_known_args()


if __name__ == "__main__":
    asked, more = _asked()
    with tempfile.TemporaryDirectory() as place:
        where = Path(place) / "project"
        if asked.generated:
            made(where)
        else:
            subprocess.run(("/usr/bin/env", "git", "clone", "--quiet", _ROOT, where), check=True)
        main(where, more, asked.rounds)
