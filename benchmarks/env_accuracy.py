"""Writes its section of docs/accuracy.md and prints it: `python benchmarks/env_accuracy.py`.

The test of the limits does the judging; its exit code says whether they were kept.
"""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_TEST = "tests/checks/env/test_accuracy.py"
_PAGE = _ROOT / "docs" / "accuracy.md"


def main() -> int:
    """The exit code of the test; the page is written also when a limit is missed."""
    env = os.environ | {"ACCURACY_PAGE": str(_PAGE)}
    done = subprocess.run((sys.executable, "-m", "pytest", "-q", _TEST), cwd=_ROOT, env=env, check=False)
    sys.stdout.write(_PAGE.read_text().partition("## Environment rules")[2])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
