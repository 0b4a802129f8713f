"""What the words of `run.command` may name when one instance is started."""

import sys
from collections.abc import Mapping
from pathlib import Path


def instance_values(
    venv: Path, port: int, state: Path, environment: str, public_url: str
) -> Mapping[str, str]:
    """The templates of an instance whose release is installed in `venv` and that listens on `port`."""
    return {
        "python": sys.executable,
        "venv": str(venv),
        "release": str(venv.parent),
        "port": str(port),
        "state": str(state),
        "environment": environment,
        "public_url": public_url,
    }
