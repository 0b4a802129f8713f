"""Writes docs/accuracy-assistant.md: `python benchmarks/assistant_accuracy.py`.

The test of the limits does the asking, on a real database; its exit code says whether they were kept.
"""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_TEST = "tests/app/services/assistant/test_accuracy.py::test_the_measured_half_keeps_the_limits"
_PAGE = _ROOT / "docs" / "accuracy-assistant.md"


def main() -> int:
    """The exit code of the test; the page is written also when a limit is missed."""
    env = os.environ | {"ACCURACY_PAGE": str(_PAGE)}
    argv = (sys.executable, "-m", "pytest", "-q", _TEST)
    return subprocess.run(argv, cwd=_ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
