"""How often a validation asks git: the state of the work tree once, and little else for a small question."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.checkout import plain_checkout

pytestmark = pytest.mark.system
_FEW = 12
# Beside those that betterleaks starts itself.
_MOST_IN_A_SEARCH, _MOST_OF_THE_SCANNER = 44, 2


@pytest.mark.parametrize("written", [True, False], ids=["service file", "none"])
def test_the_work_tree_is_looked_at_once_in_a_validation(tmp_path: Path, *, written: bool) -> None:
    project, asked = plain_checkout(tmp_path), tmp_path / "asked"
    if not written:
        (project / "hotelctl.toml").unlink()
    lines = _asked(tmp_path, project, asked, "OPS001")
    assert len([one for one in lines if " status --porcelain" in one]) == 1
    assert len(lines) <= (_FEW if written else 2 * _FEW), lines


def test_a_search_for_secrets_that_goes_on_starts_few_programs(tmp_path: Path) -> None:
    project, asked = plain_checkout(tmp_path), tmp_path / "asked"
    _asked(tmp_path, project, asked, "SEC001,SEC002,SEC003")
    (project / "more.txt").write_text("Something.\n")
    _git(project, "add", "more.txt")
    _git(project, "commit", "-q", "-m", "more")
    lines = _asked(tmp_path, project, asked, "SEC001,SEC002,SEC003")
    own = [
        one for one in lines if "--glob=refs/seen --format" not in one and not one.startswith("-C history")
    ]
    assert len(own) <= _MOST_IN_A_SEARCH, own
    walks = [one for one in own if " rev-list " in one]
    assert walks, own
    assert all("--glob=refs/seen" in one for one in walks), "all that was walked before is walked again"
    (report,) = sorted((project / "reports").glob("2*"))[-1:]
    records = map(json.loads, (report / "evidence.jsonl").read_text().splitlines())
    started = [one for one in records if one["adapter"] == "process" and "cached" not in one]
    assert [Path(one["argv"][0]).name for one in started] == ["betterleaks"] * _MOST_OF_THE_SCANNER


def _asked(place: Path, project: Path, asked: Path, rules: str) -> list[str]:
    """What git was asked by a validation with these rules."""
    noting = place / "bin" / "git"
    noting.parent.mkdir(exist_ok=True)
    noting.write_text(f'#!/bin/sh\necho "$*" >> "{asked}"\nexec "{shutil.which("git")}" "$@"\n')
    noting.chmod(0o755)
    asked.write_text("")
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": f"{noting.parent}:{os.environ['PATH']}"}
    words = [sys.executable, "-m", "hotelctl", "validate", "--only", rules, "--quiet"]
    subprocess.run(words, cwd=project, env={**os.environ, **env}, check=False, timeout=300)
    return asked.read_text().splitlines()


def _git(project: Path, *words: str) -> None:
    subprocess.run(("git", "-C", str(project), *words), check=True)
