"""A fault in a project whose checks all pass turns the check that is for it, and no other one."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from hotelctl.adapters import process
from hotelctl.adapters.tool import find
from hotelctl.checks.catalogue import walk
from hotelctl.cli._gate import guarded
from hotelctl.cli.main import app
from tests.services.faults import FAULTS
from tests.services.healthy import healthy_checkout

pytestmark = pytest.mark.system

SECTIONS = {check.info.id: check.info.section for check in walk()}
# All of these is judged in a moment; of the other sections, what has a fault.
WHOLE = ("environment", "docker", "operations")
RED = ("fail", "warn")
# The tests of the project run on a database of hotelctl's own, and so do its migrations.
WHERE = {"tests": "local", "schema": "local"}
Statuses = Mapping[str, str]


def asked_with(section: str) -> str:
    """What is judged together."""
    if section in WHOLE:
        return section
    return ",".join(sorted(rule for rule in FAULTS if SECTIONS[rule] == section))


def judged(section: str, *more: str) -> tuple[int, Statuses]:
    """The exit code, and each check's status in a report that the command itself has written."""
    words = ("validate", "--env", WHERE.get(section, "production"), "--only", asked_with(section), "--quiet")
    output = ("--output", "json=reports/answer.json")
    Path("reports/answer.json").unlink(missing_ok=True)
    code = guarded(typer.main.get_command(app), (*words, *output, *more))
    report: dict[str, Any] = json.loads(Path("reports/answer.json").read_text())
    return code, {c["id"]: c["status"] for part in report["sections"] for c in part["checks"]}


def red(statuses: Statuses) -> set[str]:
    return {rule for rule, status in statuses.items() if status in RED}


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return healthy_checkout(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def before(healthy: Path) -> Mapping[str, Statuses]:
    """The statuses of the healthy project; the reports stay in it, as those of earlier runs do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(healthy)
        return {section: judged(section)[1] for section in dict.fromkeys(SECTIONS[rule] for rule in FAULTS)}


@pytest.fixture
def copy(healthy: Path, before: Mapping[str, Statuses], tmp_path: Path) -> Iterator[Path]:
    """The healthy project once more, with the reports of earlier runs."""
    assert before
    place = tmp_path / "plain"
    shutil.copytree(healthy, place, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield place


def test_the_healthy_project_is_healthy(before: Mapping[str, Statuses]) -> None:
    assert {section: red(statuses) for section, statuses in before.items()} == {one: set() for one in before}
    assert {
        rule for found in before.values() for rule, status in found.items() if status == "unknown"
    } == set()


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_turns_its_check_and_no_other(
    rule: str, copy: Path, before: Mapping[str, Statuses], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault, section = FAULTS[rule], SECTIONS[rule]
    assert before[section][rule] == fault.before
    fault.plant(copy)
    for name, value in fault.environ.items():
        monkeypatch.setenv(name, value)
    code, after = judged(section, "--required", rule, "--fail-on", "info")
    if fault.turns == "unknown":
        assert (after[rule], red(after), code) == ("unknown", set(), 3)
    else:
        assert red(after) == {rule, *fault.also}
        assert code == 1
    assert f"{copy}/" not in Path("reports/answer.json").read_text()


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        ("hadolint", {"DKR001", "DKR014"}),
        ("betterleaks", {"SEC001", "SEC002", "SEC008"}),
        ("zizmor", {"SEC011"}),
        ("squawk", {"DB020"}),
        ("deptry", {"BLD012"}),
    ],
)
def test_without_its_program_a_check_is_unknown_and_the_code_is_3(
    program: str,
    rules: set[str],
    copy: Path,
    before: Mapping[str, Statuses],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(name: str, *rest: Any) -> Path | None:  # noqa: ANN401 - as `find`
        return None if Path(name).name == program else find(name, *rest)

    assert copy.is_dir()
    section = SECTIONS[min(rules)]
    assert {before[section][rule] for rule in rules} == {"pass"}
    monkeypatch.setattr(process, "find", found)
    # What hides the program hides it where it would be started; an answer that was kept starts none.
    code, after = judged(section, "--required", ",".join(sorted(rules)), "--no-cache")
    assert {rule for rule, status in after.items() if status == "unknown"} == rules
    assert (red(after), code) == (set(), 3)
