"""`hotelctl init` and `validate` as other teams meet them: on projects that never heard of hotelctl."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.house.tracked import ROOT
from tests.services.checkout import commit_all, git
from tests.services.shapes import (
    BROKEN,
    EMPTY,
    FASTAPI,
    FLASK,
    NEXT,
    SHAPES,
    Files,
    checked_out,
    laid_out,
    revision,
)

pytestmark = pytest.mark.system
_VERDICTS = {"ready": 0, "ready_with_notes": 0, "blocked": 1, "unverified": 3}


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person gives it in `place`."""
    ended = subprocess.run(
        [sys.executable, "-m", "hotelctl", *arguments],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "bug in hotelctl" not in ended.stderr
    return ended


def validated(place: Path, *arguments: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The report, and its checks by their ids; the exit code says the verdict."""
    ended = run(place, "validate", "--format", "json", *arguments)
    report = json.loads(ended.stdout)
    assert ended.returncode == _VERDICTS[report["verdict"]], ended.stderr
    return report, {check["id"]: check for section in report["sections"] for check in section["checks"]}


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_a_project_without_a_file_is_judged_by_what_it_shows(files: Files, tmp_path: Path) -> None:
    place = checked_out(tmp_path / "theirs", files)
    report, checks = validated(place)
    assert report["verdict"] in {"blocked", "unverified"}
    assert report["facts"]["service file"].startswith("none")
    assert report["next_steps"][0].startswith("hotelctl init")
    assert {checks[rule]["status"] for rule in ("ENV001", "ENV030", "BLD003")} == {"unknown"}
    assert "hotelctl init" in checks["ENV001"]["reason"]
    assert git(place, "status", "--porcelain") == ""


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_init_and_then_validate_work(files: Files, tmp_path: Path) -> None:
    place = checked_out(tmp_path / "theirs", files)
    assert run(place, "init").returncode == 0
    written = git(place, "status", "--porcelain").split()
    assert set(written) <= {"??", "hotelctl.toml", "env.toml"}
    commit_all(place, "hotelctl knows it")
    report, checks = validated(place)
    assert "service file" not in report["facts"]
    settled = {"pass", "warn", "not_applicable"}
    contract = {checks[rule]["status"] for rule in ("ENV001", "ENV002", "ENV003", "ENV005")}
    assert contract <= settled
    assert checks["OPS001"]["status"] == "pass"
    assert run(place, "init").returncode == 2


def test_what_is_found_is_judged_and_the_rest_says_why_not(tmp_path: Path) -> None:
    _, checks = validated(checked_out(tmp_path / "book", FASTAPI))
    assert checks["DB001"]["status"] == "pass"
    assert checks["DKR004"]["status"] == "fail"
    assert checks["TST001"]["status"] == "unknown"
    assert "nothing runs tests/test_main.py" in checks["TST001"]["reason"]
    assert "[build]" in checks["DB003"]["reason"]


def test_two_heads_are_found_without_any_file(tmp_path: Path) -> None:
    third = {"migrations/versions/0003_other.py": revision("0003", "0001")}
    _, checks = validated(checked_out(tmp_path / "book", {**FASTAPI, **third}), "--only", "DB001")
    assert checks["DB001"]["status"] == "fail"
    assert "2 migration heads" in checks["DB001"]["findings"][0]["message"]


def test_a_secret_in_a_page_is_found_once_the_contract_is_written(tmp_path: Path) -> None:
    place = checked_out(tmp_path / "lobby", NEXT)
    run(place, "init")
    _, checks = validated(place, "--only", "ENV025")
    (finding,) = checks["ENV025"]["findings"]
    assert finding["subject"] == "NEXT_PUBLIC_STRIPE_SECRET"


def test_results_that_another_run_left_are_read_and_older_ones_are_not(tmp_path: Path) -> None:
    place = checked_out(tmp_path / "shop", {**FLASK, ".gitignore": "out/\n", "test_app.py": ""})
    laid_out(place, {"out/junit.xml": "<testsuite><testcase name='a'/><testcase name='b'/></testsuite>"})
    of_the_run = "TST001,TST002,TST003,TST007,TST008"
    _, checks = validated(place, "--only", of_the_run)
    assert {check["status"] for check in checks.values()} == {"pass"}
    laid_out(
        place,
        {"out/junit.xml": "<testsuite><testcase name='a'><failure message='no'/></testcase></testsuite>"},
    )
    _, checks = validated(place, "--only", of_the_run)
    assert checks["TST002"]["findings"][0]["location"] is None
    assert checks["TST002"]["status"] == "fail"
    os.utime(place / "out/junit.xml", (1_000_000_000, 1_000_000_000))
    _, checks = validated(place, "--only", of_the_run)
    assert {check["status"] for check in checks.values()} == {"unknown"}
    assert "before HEAD came here" in checks["TST001"]["reason"]


def test_what_nobody_runs_is_no_noise_on_the_console(tmp_path: Path) -> None:
    ended = run(checked_out(tmp_path / "shop", FLASK), "validate", "--no-color")
    assert ended.returncode == 3
    said = " ".join(ended.stdout.split())
    assert said.count("there is no hotelctl.toml with an env contract") == 1
    assert said.count("there is no hotelctl.toml with [build]") <= 2  # one line a part
    assert len(ended.stdout.splitlines()) < 50


def test_a_deploy_says_what_it_needs(tmp_path: Path) -> None:
    place = checked_out(tmp_path / "shop", FLASK)
    assert "hotelctl init writes one" in run(place, "deploy").stderr
    run(place, "init")
    ended = run(place, "deploy")
    assert ended.returncode == 2
    assert "a deploy needs [build], [run], [health] and tests.command" in ended.stderr


def test_without_a_repository_init_works_and_validate_says_what_it_needs(tmp_path: Path) -> None:
    place = laid_out(tmp_path / "loose", FASTAPI)
    assert run(place, "init").returncode == 0
    ended = run(place, "validate")
    assert ended.returncode == 2
    assert "is no git repository" in ended.stderr
    assert len(ended.stderr.splitlines()) == 2


def test_a_repository_without_a_commit_is_one_line(tmp_path: Path) -> None:
    place = laid_out(tmp_path / "new", EMPTY)
    git(place, "init", "--quiet")
    assert run(place, "init").returncode == 0
    ended = run(place, "validate")
    assert ended.returncode == 2
    assert "has no commit yet" in ended.stderr


def test_shallow_detached_and_linked_checkouts(tmp_path: Path) -> None:
    place = checked_out(tmp_path / "book", FASTAPI)
    (place / "more.txt").write_text("more")
    commit_all(place, "More")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{place}", "shallow")
    git(place, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    git(place, "checkout", "--quiet", "--detach")
    for checkout in (tmp_path / "shallow", tmp_path / "linked", place):
        report, checks = validated(checkout, "--only", "DB001,OPS001,docker")
        assert checks["DB001"]["status"] == "pass"
        assert report["git"]["shallow"] is (checkout.name == "shallow")
        assert run(checkout, "init").returncode == 0


def test_a_submodule_is_a_project_of_its_own_and_no_part_of_the_one_around_it(tmp_path: Path) -> None:
    inner = checked_out(tmp_path / "inner", FASTAPI)
    outer = checked_out(tmp_path / "outer", FLASK)
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "parts/inner")
    commit_all(outer, "Inner")
    git(tmp_path, "clone", "--quiet", str(outer), "without")
    for checkout in (outer, tmp_path / "without", outer / "parts/inner"):
        _, checks = validated(checkout, "--only", "OPS001,DB001,docker")
        assert checks["OPS001"]["status"] == "pass"
        places = [finding["location"] or {} for one in checks.values() for finding in one["findings"]]
        assert not [place for place in places if place.get("path", "").startswith("parts/")]
        assert run(checkout, "init").returncode == 0


def test_broken_files_and_links_in_a_circle_are_told(tmp_path: Path) -> None:
    place = checked_out(tmp_path / "odd", BROKEN)
    (place / "loop").symlink_to(place)
    (place / "self.py").symlink_to("self.py")
    commit_all(place, "Links")
    ended = run(place, "init")
    assert ended.returncode == 0
    for name in ("pyproject.toml", "package.json", ".env.example", "big.js", "self.py"):
        assert f"{name}: " in ended.stdout
    validated(place)


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    place = laid_out(tmp_path / "loose", FLASK)
    (place / "hotelctl.toml").mkdir()
    ended = run(place, "init")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) <= 2
