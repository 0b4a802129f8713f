import json
import os
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


def an_engine(place: Path, dockerd: str, patience_s: str = "60") -> subprocess.CompletedProcess[str]:
    """What .ci/engine does where no engine answers and `dockerd` is this script."""
    for name, script in {"docker": "exit 1", "dockerd": dockerd}.items():
        (place / name).write_text(f"#!/bin/sh\n{script}\n")
        (place / name).chmod(0o755)
    text = (CI / "engine").read_text().replace("patience_s=60", f"patience_s={patience_s}")
    (place / "engine").write_text(text)
    env = {**os.environ, "PATH": f"{place}:{os.environ['PATH']}", "ENGINE_RUN": str(place / "run")}
    return subprocess.run(
        ["bash", str(place / "engine")], env=env, capture_output=True, text=True, timeout=30, check=False
    )


def test_an_engine_that_does_not_start_is_said_with_the_end_of_its_log(tmp_path: Path) -> None:
    ended = an_engine(tmp_path, "seq 90; echo no cgroups here; exit 1")
    said = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert said[0] == f"engine: dockerd ended; the end of {tmp_path}/run/log:"
    assert (len(said), said[1], said[-1]) == (16, "77", "no cgroups here")


def test_an_engine_that_never_answers_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    ended = an_engine(tmp_path, "echo $$ >$ENGINE_RUN/number; echo waiting; exec sleep 20", "1")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "waiting"
    assert "dockerd does not answer after 1 s" in ended.stderr
    number = (tmp_path / "run/number").read_text().strip()
    assert not Path("/proc", number).exists(), "and none is left"


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
