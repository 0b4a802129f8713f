"""How often a validation asks git: the state of the work tree once, and little else for a small question."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.checkout import plain_checkout

pytestmark = pytest.mark.system
_FEW = 12


@pytest.mark.parametrize("written", [True, False], ids=["service file", "none"])
def test_the_work_tree_is_looked_at_once_in_a_validation(tmp_path: Path, *, written: bool) -> None:
    project, asked = plain_checkout(tmp_path), tmp_path / "asked"
    if not written:
        (project / "hotelctl.toml").unlink()
    noting = tmp_path / "bin" / "git"
    noting.parent.mkdir()
    noting.write_text(f'#!/bin/sh\necho "$*" >> "{asked}"\nexec "{shutil.which("git")}" "$@"\n')
    noting.chmod(0o755)
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": f"{noting.parent}:{os.environ['PATH']}"}
    words = [sys.executable, "-m", "hotelctl", "validate", "--only", "OPS001", "--quiet"]
    subprocess.run(words, cwd=project, env={**os.environ, **env}, check=False, timeout=120)
    lines = asked.read_text().splitlines()
    assert len([one for one in lines if " status --porcelain" in one]) == 1
    assert len(lines) <= (_FEW if written else 2 * _FEW), lines
