"""How long `hotelctl validate` takes with kept answers and without: `python benchmarks/validate.py [FLAGS]`.

It is asked of a clone of HEAD, in turn: cold (no answer is kept yet), warm (nothing has changed
since), and with --no-cache. FLAGS are validate's own; without any, the checks that start no program of the
project: tests, builds and instances are run anew each time and would be all that is seen. The processor's
time is told beside the clock's: where other work goes on, it is the steadier one.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_ROUNDS = 5
_PART = ("--only", "environment,docker,SEC001,SEC011")
_GOAL_S = 1.5
# 0 ready, 1 blocked, 3 unverified: each has judged.
_JUDGED = (0, 1, 3)


Took = tuple[float, float]


def seconds(project: Path, *flags: str) -> Took:
    """Wall and processor time of one validation of `project`; one that does not judge ends the benchmark."""
    argv = (sys.executable, "-m", "hotelctl", "validate", "--quiet", *flags)
    began, before = time.perf_counter(), _processor_s()
    done = subprocess.run(argv, cwd=project, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began, _processor_s() - before
    if done.returncode not in _JUDGED:
        sys.exit(f"{' '.join(argv[2:])} ended with {done.returncode}: {done.stderr.strip()}")
    return took


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turn(project: Path, flags: tuple[str, ...]) -> tuple[Took, Took, Took]:
    """Cold, warm and without the cache, one after the other, so that what else goes on meets all alike."""
    shutil.rmtree(project / ".hotelctl" / "cache" / "kept", ignore_errors=True)
    return seconds(project, *flags), seconds(project, *flags), seconds(project, "--no-cache", *flags)


def told(name: str, values: list[float]) -> str:
    """A line of the table."""
    spread = f"min {min(values):.2f}, max {max(values):.2f}, n {len(values)}"
    return f"{name:<22} median {statistics.median(values):.2f} s, {spread}\n"


def main(flags: tuple[str, ...]) -> None:
    """Print medians, spread and ratios; the goal is 1.5 s warm."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "project"
        subprocess.run(("/usr/bin/env", "git", "clone", "--quiet", _ROOT, project), check=True)
        in_turn(project, flags)
        rounds = [in_turn(project, flags) for _ in range(_ROUNDS)]
    columns = dict(zip(("cold", "warm", "--no-cache"), zip(*rounds, strict=True), strict=True))
    sys.stdout.write(f"hotelctl validate {' '.join(flags)}\n")
    for name, values in columns.items():
        sys.stdout.write(told(name, [wall for wall, _ in values]))
        sys.stdout.write(told(f"{name}, processor", [processor for _, processor in values]))
    for name in ("cold", "--no-cache"):
        pairs = zip(columns["warm"], columns[name], strict=True)
        ratio = statistics.median(warm[0] / other[0] for warm, other in pairs)
        sys.stdout.write(f"warm / {name:<15} {ratio:.2f}\n")
    sys.stdout.write(f"goal: at most {_GOAL_S} s warm\n")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or _PART)
