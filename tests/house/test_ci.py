import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

CI = ROOT / ".ci"
SCRIPTS = sorted(path for path in CI.iterdir() if path.suffix == "")


def judge(report: Path, *checks: tuple[str, str, list[str]]) -> subprocess.CompletedProcess[str]:
    """What the script says of a report with these checks (id, status, evidence) and one record, ev-1."""
    named = [dict(zip(("id", "status", "evidence"), check, strict=True)) for check in checks]
    (report / "report.json").write_text(json.dumps({"sections": [{"checks": named}]}))
    (report / "evidence.jsonl").write_text('{"id": "ev-1"}\n')
    command = [sys.executable, str(CI / "evidence.py"), str(report)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_pass_with_a_record_is_good(tmp_path: Path) -> None:
    ended = judge(tmp_path, ("A", "pass", ["ev-1"]), ("B", "skipped", []))
    assert (ended.returncode, ended.stdout) == (0, "1 of 2 checks passed, each with a record among 1\n")


@pytest.mark.parametrize("checks", [[("A", "pass", [])], [("A", "pass", ["ev-2"])], [("A", "skipped", [])]])
def test_a_pass_without_a_record_is_not(tmp_path: Path, checks: list[tuple[str, str, list[str]]]) -> None:
    ended = judge(tmp_path, *checks)
    assert ended.returncode == 1
    assert "without a record" in ended.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_run_and_read(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    text = script.read_text()
    assert text.startswith(("#!/usr/bin/env bash\n", "#!/bin/bash\n"))
    assert "\nset -euo pipefail\n" in text
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=30)


def test_each_part_that_is_run_exists() -> None:
    lines = [line.split() for line in (CI / "run").read_text().splitlines()]
    called = [words[2:] for words in lines if words[:1] in (["part"], ["beside"])]
    scripts = [words[0] for words in called if words[0] not in ("make", "joined")]
    assert [one for one in scripts if not (ROOT / one).is_file()] == []
    assert [words[1] for words in called if words[0] == "make"] == ["setup", "lint", "test"]


def test_what_runs_beside_the_others_is_waited_for() -> None:
    lines = [line.split() for line in (CI / "run").read_text().splitlines()]
    begun = {words[1] for words in lines if words[:1] == ["beside"]}
    assert begun == {words[3] for words in lines if words[:1] == ["part"] and words[2] == "joined"}
