"""The load client beside a test, in a process of its own so that neither slows the other."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from hotelctl.adapters.load.run import Load

ROOT = Path(__file__).parents[2]
# What a busy machine answers late is not lost.
_PATIENCE_S = 60.0


@dataclass(slots=True)
class Background:
    """A load in a process of its own; `summary` is filled when the block that it runs beside ends."""

    summary: dict[str, Any] = field(default_factory=dict)


@contextlib.contextmanager
def under_load(load: Load) -> Iterator[Background]:
    """Runs `load`, with patience, in a process of its own for as long as the block lasts."""
    held, load = Background(), replace(load, timeout_s=_PATIENCE_S)
    with tempfile.TemporaryDirectory() as directory:
        stop = Path(directory) / "stop"
        words = [sys.executable, "-m", "tests.load.client", load.url, "--until-file", str(stop)]
        words += [
            f"--{name.replace('_', '-')}={value}" for name, value in asdict(load).items() if name != "url"
        ]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield held
            finally:
                stop.touch()
                printed, _ = process.communicate(timeout=load.timeout_s + 30)
        held.summary = json.loads(printed)
