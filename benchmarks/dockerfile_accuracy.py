"""Prints the figures of docs/accuracy.md about Dockerfiles: `python benchmarks/dockerfile_accuracy.py`.

Exit code 1 when the half that is set aside misses a limit.
"""

import sys

from tests.checks.docker.figures import LEAST_RECALL, MOST_FALSE, ours, outcomes, section, total
from tests.checks.docker.labelled import LOOKED_AT, RULES, SET_ASIDE


def main() -> int:
    """0 when recall, false alarms and leaks keep their limits."""
    judged = {part: outcomes(part) for part in (SET_ASIDE, LOOKED_AT)}
    sys.stdout.write(section(judged))
    measured = judged[SET_ASIDE]
    sums = total([ours(check.info.id, measured) for check in RULES])
    leaks = sum(len(one.leaks) for part in judged.values() for one in part)
    sys.stdout.write(
        f"recall {sums.recall:.3f} (at least {LEAST_RECALL}), false alarms {sums.false_share:.3f} of all "
        f"(at most {MOST_FALSE}), leaked secret values {leaks} (0)\n"
    )
    return int(sums.recall < LEAST_RECALL or sums.false_share > MOST_FALSE or leaks > 0)


if __name__ == "__main__":
    sys.exit(main())
