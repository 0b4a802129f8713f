"""What a second `hotelctl validate` need not ask again, on the second service."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.services.checkout import commit_all, plain_checkout

pytestmark = pytest.mark.system
WORKFLOW = "on: push\npermissions: {}\njobs: {}\n"
ASKED = "SEC001,SEC011,DB020,BLD005,BLD019,DKR001,BLD003"
# The build starts the project's own programs: of it the result is kept.
KEPT = {"SEC001", "SEC011", "DB020", "BLD003", "BLD005", "BLD019", "DKR001"}
TOOLS = {"betterleaks", "check-wheel-contents", "hadolint", "squawk", "twine", "zizmor"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = plain_checkout(tmp_path)
    (root / ".github" / "workflows").mkdir(parents=True)
    (root / ".github" / "workflows" / "a.yml").write_text(WORKFLOW)
    (root / "Dockerfile").write_text("FROM alpine:3.20.1\nUSER 1000\n")
    commit_all(root, "A workflow and an image")
    return root


class Validated:
    """One run of `validate`: its report, and the programs that it started itself."""

    def __init__(self, project: Path, *flags: str, only: str = ASKED) -> None:
        command = [sys.executable, "-m", "hotelctl", "validate", "--only", only, "--format", "json", *flags]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode in {0, 1, 3}, done.stderr
        self.project = project
        self.report: dict[str, Any] = json.loads(done.stdout)

    @property
    def checks(self) -> Mapping[str, dict[str, Any]]:
        return {check["id"]: check for part in self.report["sections"] for check in part["checks"]}

    @property
    def cached(self) -> set[str]:
        return {name for name, check in self.checks.items() if "cached" in check}

    @property
    def records(self) -> list[dict[str, Any]]:
        place = self.project / "reports" / self.report["id"] / "evidence.jsonl"
        return [json.loads(line) for line in place.read_text().splitlines()]

    @property
    def started(self) -> set[str]:
        run = (one for one in self.records if one["adapter"] == "process" and "cached" not in one)
        return {Path(one["argv"][0]).name for one in run} & TOOLS

    def verified(self) -> None:
        command = [sys.executable, "-m", "hotelctl", "report", "verify"]
        done = subprocess.run(command, cwd=self.project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_did_not_change_is_not_asked_again_and_the_report_says_so(project: Path) -> None:
    first = Validated(project)
    assert (first.cached, first.started) == (set(), TOOLS)
    again = Validated(project)
    assert (again.cached, again.started) == (KEPT, set())
    judged = ("status", "findings", "reason")
    for name, check in again.checks.items():
        before = first.checks[name]
        assert [without_ids(check[key]) for key in judged] == [without_ids(before[key]) for key in judged]
    told = [one for one in again.records if "cached" in one]
    assert {one["cached"]["report"] for one in told} == {first.report["id"]}
    assert {Path(one["argv"][0]).name for one in told if one["adapter"] == "process"} >= TOOLS
    again.verified()


def test_no_cache_asks_everything_again(project: Path) -> None:
    Validated(project)
    again = Validated(project, "--no-cache")
    assert (again.cached, again.started) == (set(), TOOLS)


def test_a_tree_that_is_not_clean_has_nothing_of_a_clean_one(project: Path) -> None:
    Validated(project)
    (project / "notes.txt").write_text("not committed\n")
    changed = Validated(project)
    assert (changed.cached, changed.started) == (set(), TOOLS)
    (project / "notes.txt").unlink()
    assert Validated(project).started == set(), "the clean tree still has its own"


def test_after_a_commit_only_what_it_changed_is_asked_again(project: Path) -> None:
    Validated(project)
    (project / "migrations" / "0009_more.sql").write_text("ALTER TABLE notes ADD COLUMN more text;\n")
    commit_all(project, "One migration more")
    after = Validated(project, only="SEC001,SEC011,DB020")
    assert after.started == {"betterleaks", "squawk"}
    squawked = [one for one in after.records if "squawk" in str(one.get("argv")) and "cached" not in one]
    assert [one["argv"][-1] for one in squawked if one["adapter"] == "process"] == ["sent-0.sql"]
    after.verified()


def test_secrets_are_found_again_under_the_same_hash_and_stand_in_no_entry(project: Path) -> None:
    secret = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
    (project / "plainsvc" / "leak.py").write_text(f'TOKEN = "{secret}"\n')
    commit_all(project, "A mistake")
    first, again = Validated(project, only="SEC001"), Validated(project, only="SEC001")
    assert first.checks["SEC001"]["status"] == again.checks["SEC001"]["status"] == "fail"
    assert again.cached == {"SEC001"}
    assert [one["message"] for one in again.checks["SEC001"]["findings"]] == [
        one["message"] for one in first.checks["SEC001"]["findings"]
    ]
    entries = list((project / ".hotelctl" / "cache" / "kept").iterdir())
    # The answer of the program, where the search ended, and the fact that follows from the commit.
    assert sorted(path.suffix for path in entries) == [".hint", ".json", ".json"]
    assert [path.name for path in entries if secret in path.read_text()] == []


def without_ids(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same, without the ids of evidence, which count anew in each report."""
    if isinstance(value, list):
        return [without_ids(one) for one in value]
    if isinstance(value, dict):
        return {key: without_ids(one) for key, one in value.items() if key != "evidence"}
    return value
