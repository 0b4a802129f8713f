from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.hadolint import HadolintRuns
from hotelctl.probes.hadolint import hadolint_runs
from tests.checks.docker import written
from tests.fakes.evidence import FakeEvidence
from tests.fakes.kept import FakeKept
from tests.fakes.processes import Answer, FakeProcesses
from tests.probes.worlds import World

_HIDDEN = '[{"code": "DL3006", "level": "warning", "line": 2, "message": "Always tag"}]'
_FILE = written.files("# hadolint ignore=DL3006\nFROM alpine\n")


def asked(processes: FakeProcesses, world: World | None = None) -> HadolintRuns:
    """What the probe makes of the programs' answers."""
    return hadolint_runs(replace((world or World()).context(), processes=processes), _FILE)


def test_it_is_asked_twice_and_the_difference_is_hidden() -> None:
    processes = FakeProcesses()
    processes.answer(("hadolint",), Answer(0, "[]"))
    processes.answer(("--disable-ignore-pragma",), Answer(1, _HIDDEN))
    linted = asked(processes).linted["Dockerfile"]
    assert (linted.shown, [one.code for one in linted.hidden]) == ((), ["DL3006"])
    assert {one.stdin for one in processes.commands} == {_FILE.files[0].source}
    assert all(one.confidential and one.env["HOME"] for one in processes.commands)


def test_the_projects_own_config_is_named() -> None:
    world, processes = World(), FakeProcesses()
    world.write(".hadolint.yaml", "ignored: []\n")
    processes.answer(("--config", "/project/.hadolint.yaml"), Answer(0, "[]"))
    assert "Dockerfile" in asked(processes, world).linted


def test_the_same_file_with_the_same_settings_is_asked_about_once() -> None:
    world, processes, kept = World(), FakeProcesses(), FakeKept()
    processes.answer(("hadolint",), Answer(0, "[]"))
    context = replace(world.context(), processes=processes, kept=kept)
    assert hadolint_runs(context, _FILE) == hadolint_runs(context, _FILE)
    assert len(processes.commands) == 2, "once with the comments and once without"
    hadolint_runs(context, written.files("FROM alpine:3\n"))
    assert len(processes.commands) == 4
    for text in ("ignored: []\n", "ignored: [DL3006]\n"):
        world.write(".hadolint.yaml", text)
        hadolint_runs(context, _FILE)
    assert len(processes.commands) == 8


def test_settings_that_change_under_it_leave_nothing_that_is_kept() -> None:
    world, processes, kept = World(), FakeProcesses(), FakeKept()
    world.write(".hadolint.yaml", "ignored: []\n")
    edit = Answer(0, "[]", effect=lambda _: world.write(".hadolint.yaml", "ignored: [DL3006]\n"))
    processes.answer(("hadolint",), edit)
    fact = hadolint_runs(replace(world.context(), processes=processes, kept=kept), _FILE)
    assert fact.doubts == {"Dockerfile": "Dockerfile: .hadolint.yaml was changed while hadolint read it"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(0, ""),
        Answer(0, "[]", "Error parsing your config file"),
        Answer(0, "nonsense"),
        Answer(timed_out=True),
    ],
)
def test_an_answer_that_cannot_be_believed_is_a_doubt(answer: Answer) -> None:
    processes = FakeProcesses()
    processes.answer(("hadolint",), answer)
    fact = asked(processes)
    assert fact.linted == {}
    assert fact.doubts["Dockerfile"].startswith("Dockerfile: hadolint")


def test_a_program_that_is_not_there_is_a_doubt() -> None:
    processes = FakeProcesses()
    processes.absent("hadolint")
    assert asked(processes).doubts == {"Dockerfile": "Dockerfile: hadolint is not installed"}


class TestTheRealProgram:
    """Of the wheel, in a process of its own."""

    def asked(self, place: Path, world: World | None = None) -> tuple[HadolintRuns, FakeEvidence]:
        evidence = FakeEvidence()
        processes = LocalProcesses(evidence, SystemClock(), {"HOME": "/nowhere"})
        context = (world or World()).context()
        configuration = replace(context.configuration, project=place)
        context = replace(context, processes=processes, workspace=place, configuration=configuration)
        return hadolint_runs(context, _FILE), evidence

    def test_it_says_what_a_comment_hides_and_leaves_its_version(self, tmp_path: Path) -> None:
        fact, evidence = self.asked(tmp_path)
        linted = fact.linted["Dockerfile"]
        assert ([one.code for one in linted.shown], [one.code for one in linted.hidden]) == ([], ["DL3006"])
        tool = evidence.of("process")[0]["tool"]
        assert tool["version"].startswith("2.")
        assert len(tool["sha256"]) == 64

    def test_a_broken_config_of_the_project_is_no_verdict(self, tmp_path: Path) -> None:
        (tmp_path / ".hadolint.yaml").write_text("ignored: [\n")
        world = World()
        world.files.content[tmp_path / ".hadolint.yaml"] = b""
        fact, _ = self.asked(tmp_path, world)
        assert "complained" in fact.doubts["Dockerfile"]
