"""Processes of the service, started as a deploy starts them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotelctl.app import contract

_ROOT = Path(__file__).parents[2]
_READY_S = 180


@dataclass(frozen=True, slots=True)
class Instance:
    """One process: where it listens and where its log is."""

    base_url: str
    log: Path
    process: subprocess.Popen[bytes]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of this event so far."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["event"] == name]


@contextmanager
def running(environment: dict[str, str], log: Path, module: str = "hotelctl.app") -> Iterator[Instance]:
    """An instance that is ready, on a free port; its process is gone at the end."""
    others = {name: value for name, value in os.environ.items() if name not in contract.variables()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", "0"],
            cwd=_ROOT,
            env={**others, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Instance(f"http://127.0.0.1:{_port(process, log)}", log, process)
        finally:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + _READY_S
    instance = Instance("", log, process)
    while not instance.events("ready"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.05)
    return int(instance.events("listening")[0]["port"])
