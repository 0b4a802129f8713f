"""How long `hotelctl --help` takes beside importing what it is built on: `python benchmarks/help_time.py`.

Both are started in turn, so that whatever else the machine does meets both alike.
"""

import statistics
import subprocess
import sys
import time

_ROUNDS = 15
_BASE = (sys.executable, "-c", "import typer, rich")
_HELP = (sys.executable, "-m", "hotelctl", "--help")


def seconds(argv: tuple[str, ...]) -> float:
    """Wall time of one run; a run that fails ends the benchmark."""
    began = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print medians, spread and the ratio; the goal is a ratio of at most 1.5."""
    for argv in (_BASE, _HELP):
        seconds(argv)
    pairs = [(seconds(_BASE), seconds(_HELP)) for _ in range(_ROUNDS)]
    for name, values in zip(("import typer, rich", "hotelctl --help"), zip(*pairs, strict=True), strict=True):
        low, middle, high = (f"{1000 * v:.0f}" for v in (min(values), statistics.median(values), max(values)))
        sys.stdout.write(f"{name:<20} median {middle} ms, min {low}, max {high}, n {_ROUNDS}\n")
    ratio = statistics.median(b for _, b in pairs) / statistics.median(a for a, _ in pairs)
    sys.stdout.write(f"ratio of medians     {ratio:.2f} (goal: at most 1.5)\n")


if __name__ == "__main__":
    main()
