"""Runs hotelctl with the words given, and tells as JSON what it had done when traffic moved."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from hotelctl.__main__ import run

_BEGINS_A_PROGRAM = {"subprocess.Popen", "os.fork", "os.posix_spawn"}


def _noting(told: Path) -> None:
    """From now on programs are counted; at the rename of the pointer it is written down."""
    programs: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _BEGINS_A_PROGRAM:
            programs.append(" ".join(map(str, args[1])) if args else event)
        if event == "os.rename" and os.fspath(args[1]).endswith("/edge/active") and not told.exists():
            told.write_text(json.dumps({"programs": programs, "modules": sorted(sys.modules)}))

    sys.addaudithook(hook)


if __name__ == "__main__":
    file = Path(sys.argv.pop(1))
    _noting(file)
    run()
