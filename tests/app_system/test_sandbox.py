"""The bundled service, as it is committed, in the sandbox of `validate`: every live check has its verdict."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.tracked import ROOT
from tests.services.checkout import git

pytestmark = pytest.mark.system
LIVE = [f"SEC{n:03}" for n in range(12, 22)]


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The live checks of a clone, by their ids, under the rules of production."""
    place = tmp_path_factory.mktemp("bundled")
    git(place, "clone", "--quiet", f"file://{ROOT}", "clone")
    words = ("validate", "--env", "production", "--only", ",".join(LIVE), "--format", "json")
    ended = subprocess.run(
        [sys.executable, "-m", "hotelctl", *words],
        cwd=place / "clone",
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = json.loads(ended.stdout)
    assert Path(place).exists()
    return {check["id"]: check for section in report["sections"] for check in section["checks"]}


@pytest.mark.parametrize("rule", LIVE)
def test_it_passes(checks: dict[str, dict[str, Any]], rule: str) -> None:
    check = checks[rule]
    assert check["status"] == "pass", (check["reason"], check["findings"])
