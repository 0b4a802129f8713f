"""The ready pipelines: held to the schemas of GitHub and GitLab, their commands to the command line."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from ruamel.yaml import YAML

from hotelctl.cli.main import app
from tests.house.tracked import ROOT

GITHUB, GITLAB = ROOT / "docs/ci/github-workflow.yml", ROOT / "docs/ci/gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
RESULTS = ("success", "failure", "cancelled", "skipped")
GOOD = {"ready", "ready_with_notes"}


def loaded(path: Path) -> Any:  # noqa: ANN401 - YAML of any shape
    return YAML(typ="safe").load(path)


def complaints(path: Path, schema: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def scripts() -> Iterator[str]:
    """Every piece of shell in the pipelines and the hook."""
    for job in loaded(GITHUB)["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)
    for job in loaded(GITLAB).values():
        yield from job.get("script", ()) if isinstance(job, dict) else ()
    yield from (hook["entry"] for hook in loaded(HOOKS))


def ran(script: str, place: Path, **env: str) -> int:
    """As a runner does: bash that ends with the first command that fails."""
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=place,
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    ).returncode


@pytest.mark.parametrize(
    ("path", "schema"), [(GITHUB, "vendor.github-workflows"), (GITLAB, "vendor.gitlab-ci")]
)
def test_a_pipeline_holds_to_its_services_schema(path: Path, schema: str, tmp_path: Path) -> None:
    assert complaints(path, schema) == ""
    broken = tmp_path / "broken.yml"
    broken.write_text(re.sub(r"(?m)^(\s+)(run|script):", r"\1rnu:", path.read_text()))
    assert complaints(broken, schema) != ""


def test_every_command_of_them_exists_with_its_options() -> None:
    commands: dict[str, Any] = getattr(typer.main.get_command(app), "commands", {})
    found = [hit[1] for script in scripts() for hit in re.finditer(r"\bhotelctl ([^\n|;]+)", script)]
    assert len(found) == 4
    for line in found:
        name, *arguments = shlex.split(line)
        commands[name].make_context(name, arguments)
    with pytest.raises(Exception, match="--fmt"):
        commands["validate"].make_context("validate", ["--fmt", "github"])


def test_make_knows_what_they_make() -> None:
    made = {hit[1] for script in scripts() for hit in re.finditer(r"\bmake ([\w-]+)", script)}
    assert made == {"test-unit", "wheel"}
    assert not [one for one in made if f"\n{one}: " not in (ROOT / "Makefile").read_text()]


def test_what_is_uploaded_is_what_was_written() -> None:
    for path in (GITHUB, GITLAB):
        text = path.read_text()
        written = set(re.findall(r"--output \w+=(\S+)", text))
        named = set(re.findall(r"(?:sarif_file|codequality|junit): (\S+)", text))
        assert named
        assert named <= written


def test_githubs_last_job_passes_only_when_every_other_one_succeeded(tmp_path: Path) -> None:
    jobs = loaded(GITHUB)["jobs"]
    last = jobs["ready"]
    assert last["if"] == "always()"
    assert set(last["needs"]) == jobs.keys() - {"ready"}
    (step,) = last["steps"]
    assert step["env"]["RESULTS"] == "${{ join(needs.*.result, ' ') }}"
    assert "if" not in step
    for tests in RESULTS:
        for validate in RESULTS:
            code = ran(step["run"], tmp_path, RESULTS=f"{tests} {validate}")
            assert (code == 0) is (tests == validate == "success"), (tests, validate)
    assert ran(step["run"], tmp_path, RESULTS="") != 0


def test_gitlabs_last_job_reads_the_verdict_itself(tmp_path: Path) -> None:
    pipeline = loaded(GITLAB)
    last = pipeline["ready"]
    jobs = {name for name, job in pipeline.items() if isinstance(job, dict) and "script" in job}
    assert last["when"] == "always"
    assert {need["job"] for need in last["needs"]} == jobs - {"ready"}
    assert not [name for name in jobs if pipeline[name].get("allow_failure")]
    (script,) = last["script"]
    assert ran(script, tmp_path) != 0
    (tmp_path / "out").mkdir()
    (tmp_path / "out/report.json").write_text(json.dumps({"verdict": "ready"}))
    assert ran(script, tmp_path) != 0, "the tests did not pass"
    assert "out/tests.passed" in pipeline["tests"]["artifacts"]["paths"]
    assert pipeline["tests"]["artifacts"].get("when", "on_success") == "on_success"
    assert all(need["artifacts"] for need in last["needs"])
    (tmp_path / "out/tests.passed").touch()
    for verdict in ("ready", "ready_with_notes", "blocked", "unverified", "frozen"):
        (tmp_path / "out/report.json").write_text(json.dumps({"verdict": verdict}))
        assert (ran(script, tmp_path) == 0) is (verdict in GOOD), verdict


def test_the_hooks_say_what_pre_commit_must_know() -> None:
    hooks = loaded(HOOKS)
    assert [(hook["id"], hook["stages"]) for hook in hooks] == [
        ("hotelctl-secrets", ["pre-commit"]),
        ("hotelctl-validate", ["pre-push"]),
    ]
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("python", False, True)
        assert hook["entry"].split()[0] == "hotelctl"
