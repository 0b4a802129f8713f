"""How long `hotelctl validate` takes, cold and warm: `python -m benchmarks.validate [WORDS]`.

It is asked in turn of a clone of HEAD: cold (no answer is kept yet), and warm (nothing has changed since).
`--generated` asks it of a made-up repository of 5,000 files and 2,000 commits instead
(benchmarks/repository.py), `--rounds N` sets how often; all other words are validate's own. The processor's
time stands beside the clock's: where other work goes on, it is the steadier one. Processes that leave the
command, such as a database server, are in the clock's alone.

Beside it, the outside programs are run one after the other from a shell over the same project, with the
flags of everyday. Two figures are to be told from them: what hotelctl takes cold beside the slowest program
of its own run, and what it takes beside all of the shell's together.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.repository import made

_ROOT = Path(__file__).parents[1]
_ROUNDS = 5
_GOAL_WARM_S, _GOAL_COLD = 1.5, 1.3
# 0 ready, 1 blocked, 3 unverified: each has judged.
_JUDGED = (0, 1, 3)
_SHELL: Mapping[str, str] = {
    "betterleaks, files": "betterleaks fs --silent --no-color .; [ $? -le 1 ]",
    "betterleaks, history": "betterleaks git --silent --no-color .; [ $? -le 1 ]",
    "hadolint": "hadolint --no-fail Dockerfile",
    "zizmor": "git ls-files '*.github/workflows/*.yml' | xargs -r zizmor --offline --no-exit-codes",
    "squawk": "git ls-files '*migrations*.sql' | xargs -r squawk || true",
}


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the clock and of the processor, and the resident memory of the largest process in bytes."""

    wall_s: float
    processor_s: float
    peak_bytes: int


def took(run: Callable[[], None]) -> Took:
    """What the processes that `run` starts take."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_s = used.ru_utime - before.ru_utime + used.ru_stime - before.ru_stime
    return Took(time.perf_counter() - began, processor_s, used.ru_maxrss * 1024)


def validated(project: Path, flags: Sequence[str]) -> Took:
    """One validation of `project`; one that does not judge ends the benchmark."""
    argv = (sys.executable, "-c", "from hotelctl.__main__ import run; run()", "validate", "--quiet", *flags)

    def run() -> None:
        done = subprocess.run(argv, cwd=project, capture_output=True, text=True, check=False)
        if done.returncode not in _JUDGED:
            sys.exit(f"validate ended with {done.returncode}: {done.stderr.strip()}")

    return took(run)


def slowest(project: Path) -> tuple[str, float]:
    """The program that took longest in the newest report, and its seconds."""
    lines = (project / "reports" / "latest" / "evidence.jsonl").read_text().splitlines()
    ran = [one for one in map(json.loads, lines) if one["adapter"] == "process" and not one.get("cached")]
    if not ran:
        return "none", 0.0
    last = max(ran, key=lambda one: float(one["duration_ms"]))
    return " ".join(Path(word).name for word in last["argv"][:3]), last["duration_ms"] / 1000


def from_a_shell(project: Path, tools: Path) -> dict[str, Took]:
    """Each of the programs by itself; those that are not there are left out."""
    path = f"{tools}:{Path(sys.executable).parent}:/usr/bin:/bin"
    found = {name: line for name, line in _SHELL.items() if shutil.which(_program(line), path=path)}

    def run(line: str) -> None:
        subprocess.run(
            ("/bin/sh", "-c", line), cwd=project, env={"PATH": path}, capture_output=True, check=True
        )

    return {name: took(lambda line=line: run(line)) for name, line in found.items()}  # type: ignore[misc]


def _program(line: str) -> str:
    return line.partition("xargs -r ")[2].split()[0] if "xargs" in line else line.split(maxsplit=1)[0]


def told(name: str, values: Sequence[float]) -> str:
    """A line of the table."""
    spread = f"min {min(values):.2f}, max {max(values):.2f}, n {len(values)}"
    return f"{name:<24} median {statistics.median(values):.2f} s, {spread}\n"


def main(project: Path, flags: Sequence[str], rounds: int) -> None:
    """Print medians, spread and peaks of memory; and the goals, reached or not."""
    from hotelctl.adapters.sealed import key  # noqa: PLC0415 - where the tools are is hotelctl's to say
    from hotelctl.adapters.tools import PINS, home  # noqa: PLC0415

    found: dict[str, list[Took]] = {"cold": [], "warm": []}
    longest: list[tuple[str, float]] = []
    for _ in range(rounds):
        shutil.rmtree(project / ".hotelctl" / "cache" / "kept", ignore_errors=True)
        found["cold"].append(validated(project, flags))
        longest.append(slowest(project))
        found["warm"].append(validated(project, flags))
    for name, values in found.items():
        sys.stdout.write(told(name, [one.wall_s for one in values]))
        sys.stdout.write(told(f"{name}, processor", [one.processor_s for one in values]))
        peak = max(one.peak_bytes for one in values) / 1e6
        sys.stdout.write(f"{name + ', largest process':<24} {peak:.0f} MB at most so far\n")
    alone = from_a_shell(project, home({}) / key(PINS.read_bytes()) / "bin")
    for name, one in alone.items():
        sys.stdout.write(f"{'shell: ' + name:<24} {one.wall_s:.2f} s, processor {one.processor_s:.2f} s\n")
    sys.stdout.write(f"{'shell: all of them':<24} {sum(one.wall_s for one in alone.values()):.2f} s\n")
    goals(found, longest)


def goals(found: Mapping[str, Sequence[Took]], longest: Sequence[tuple[str, float]]) -> None:
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
