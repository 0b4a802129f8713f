"""The report of an operation, made of a journal that a test wrote."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli._reporting import operation_report
from hotelctl.cli._shelf import Shelf, read
from hotelctl.cli._wiring import Asked, Wiring, configure, wired
from hotelctl.core.report import Status, Verdict
from hotelctl.core.result_json import to_json
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.release import Release
from hotelctl.render.document import Document
from tests.config.test_load import MINIMAL
from tests.fakes.clock import FakeClock
from tests.fakes.repository import FakeRepository
from tests.render import made

RELEASE = Release("d1", "2.5", "b" * 40, "artifact/x.whl", "0", None, {})
FORMER = Release("d0", "2.4", "a" * 40, "artifact/x.whl", "0", None, {})
STEPS = ("build", "prove", "switch", "finish")
SECRET = "s3cr3t-of-somebody"


class Bureau:
    """Journals in, reports out."""

    def __init__(self, wiring: Wiring, shelf: Shelf) -> None:
        self.wiring, self.shelf, self.clock = wiring, shelf, FakeClock()
        self.tree = FakeRepository().work_tree()
        self.header: dict[str, Any] = {
            "operation": "deploy",
            "service": "plain",
            "environment": "local",
            "commit": RELEASE.commit,
            "serving": FORMER.to_json(),
            "user": "ana",
            "host": "desk",
            "port": 8080,
        }

    def report(self, *said: tuple[str, Kind, dict[str, Any]], **header: Any) -> Document:  # noqa: ANN401 - any value of a header
        """The report of an operation that wrote these records, two seconds apart."""
        journal = Journal(ChainedFile(self.wiring.layout.journal("d1")), self.clock, fence=1)
        journal.append("", Kind.NOTE, self.header | header)
        for step, kind, data in said:
            self.clock.advance(2)
            journal.append(step, kind, data, [f"ev-{step}"] if step else [])
        return operation_report(self.wiring, "d1", self.tree, STEPS, self.shelf)


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    shelf = Shelf(tmp_path / "reports")
    with wired(configure(Asked(None, "local")), shelf.begin("d1"), {}, start_database=False) as wiring:
        wiring.redactor.add(SECRET)
        yield Bureau(wiring, shelf)


def outcome(word: str) -> tuple[str, Kind, dict[str, Any]]:
    return ("", Kind.OUTCOME, {"outcome": word})


def done(step: str, **data: Any) -> tuple[str, Kind, dict[str, Any]]:  # noqa: ANN401 - any value of a step
    return (step, Kind.DONE, {"summary": f"{step} is done", **data})


GOOD: tuple[tuple[str, Kind, dict[str, Any]], ...] = (
    ("build", Kind.INTENT, {}),
    done("build", release=RELEASE.to_json()),
    done("prove", **{"class": "B"}),
    done("switch", act_s=0.00004, flip_s=0.0123, verdict="not proven"),
    done("finish", tag="local/2.5-bbbbbbbbbbbb", notes=["not tagged: no"]),
    outcome("succeeded"),
)


def test_of_an_older_journal_only_the_first_answer_is_known(bureau: Bureau) -> None:
    older = done("switch", flip_s=0.0123, verdict="not proven")
    facts = bureau.report(*(older if line[0] == "switch" else line for line in GOOD)).facts
    assert facts["first answer"] == "12 ms after the flip"
    assert "flip" not in facts


def test_a_good_deploy_is_told_from_its_journal(bureau: Bureau) -> None:
    report = bureau.report(*GOOD)
    assert (report.verdict, report.kind, report.id) == (Verdict.DEPLOYED, "deploy", "d1")
    assert (report.service.name, report.service.version) == ("plain", "2.5")
    assert (report.git.commit, report.git.tag) == ("b" * 40, "local/2.5-bbbbbbbbbbbb")
    assert (report.environment, report.profile, report.duration_s) == ("local", "ci", 12)
    told = {
        "by": "ana@desk",
        "former release": "2.4-aaaaaaaaaaaa",
        "rollback class": "B",
        "flip": "0.04 ms",
        "first answer": "12 ms after the flip",
        "watch verdict": "not proven",
    }
    assert told.items() <= report.facts.items()
    assert [step.status for step in report.steps] == ["done"] * 4
    build = report.steps[0]
    assert (build.n, build.name, build.summary, build.duration_s) == (1, "build", "build is done", 2)
    assert build.evidence == ("ev-build",)
    assert report.next_steps[0].startswith("hotelctl verify ")
    assert report.next_steps[-1] == "not tagged: no"


def test_it_is_on_its_shelf_as_it_was_returned(bureau: Bureau) -> None:
    report = bureau.report(*GOOD)
    assert read(bureau.shelf.find("latest")) == report


@pytest.mark.parametrize(
    ("kind", "word", "verdict"),
    [
        ("deploy", "succeeded", Verdict.DEPLOYED),
        ("deploy", "stopped", Verdict.STOPPED),
        ("deploy", "rolled_back", Verdict.ROLLED_BACK),
        ("deploy", "frozen", Verdict.FROZEN),
        ("rollback", "succeeded", Verdict.ROLLED_BACK),
        ("rollback", "stopped", Verdict.STOPPED),
        ("rollback", "frozen", Verdict.FROZEN),
    ],
)
def test_the_verdict_is_what_the_outcome_means_for_its_kind(
    bureau: Bureau, kind: str, word: str, verdict: Verdict
) -> None:
    assert bureau.report(outcome(word), operation=kind).verdict is verdict


def test_without_an_outcome_it_was_interrupted_and_can_go_on(bureau: Bureau) -> None:
    report = bureau.report(done("build", release=RELEASE.to_json()), ("prove", Kind.INTENT, {}))
    assert report.verdict is Verdict.INTERRUPTED
    assert [step.status for step in report.steps] == ["done", "running", "planned", "planned"]
    assert [step.summary for step in report.steps[1:3]] == ["interrupted", "not begun"]
    assert report.steps[2].started_at is None
    assert report.next_steps == ("hotelctl resume goes on, hotelctl abort takes it back",)


def test_a_step_took_what_was_worked_on_it_not_the_time_until_somebody_came_back(bureau: Bureau) -> None:
    bureau.report(("build", Kind.INTENT, {}), ("build", Kind.EFFECT, {}))
    bureau.clock.advance(3600)
    report = bureau.report(("build", Kind.UNDO, {}), ("build", Kind.UNDONE, {"summary": "gone"}))
    build = report.steps[0]
    assert (build.status, build.duration_s, build.started_at) == ("undone", 4, "2026-03-01T12:00:02.000Z")


def test_an_interrupted_one_names_no_way_that_would_be_refused(bureau: Bureau) -> None:
    report = bureau.report(
        done("build", release=RELEASE.to_json()), done("switch", flip_s=0.1, verdict="good")
    )
    (only,) = report.next_steps
    assert only.startswith("it can only go on: hotelctl resume")


def test_a_failed_step_keeps_its_reason_also_when_it_was_taken_back(bureau: Bureau) -> None:
    report = bureau.report(
        ("build", Kind.INTENT, {}),
        ("build", Kind.FAIL, {"message": "no compiler", "hint": "apt install gcc"}),
        ("build", Kind.UNDO, {}),
        ("build", Kind.UNDONE, {"summary": "release removed"}),
        outcome("stopped"),
    )
    assert report.steps[0].summary == "no compiler; then release removed"
    assert report.steps[0].status == "undone"
    assert report.next_steps[:2] == ("step build: no compiler", "apt install gcc")
    assert report.service.version == "unknown"


def test_a_reason_that_was_written_twice_is_told_once(bureau: Bureau) -> None:
    bad = ("switch", Kind.FAIL, {"message": "the new release crashed"})
    report = bureau.report(bad, bad, outcome("rolled_back"))
    assert [step.summary for step in report.steps if step.name == "switch"] == ["the new release crashed"]


def test_a_frozen_one_says_who_is_needed(bureau: Bureau) -> None:
    report = bureau.report(("switch", Kind.FAIL, {"message": "stuck", "frozen": True}), outcome("frozen"))
    assert report.next_steps == (
        "step switch: stuck",
        "look at the environment, then hotelctl resolve --reason TEXT",
    )


def test_a_rollback_is_of_the_version_that_it_chose(bureau: Bureau) -> None:
    report = bureau.report(
        done("choose", release=FORMER.to_json()), outcome("succeeded"), operation="rollback", serving=None
    )
    assert (report.service.version, report.facts["former release"]) == ("2.4", "none")
    assert report.next_steps == ()


def test_what_a_rollback_brought_back_and_does_not_pass_is_looked_at_and_never_rolled_back_unnamed(
    bureau: Bureau,
) -> None:
    report = bureau.report(
        done("choose", release=FORMER.to_json()),
        done("switch", flip_s=0.1, verdict="good", failing=["OPS013"]),
        outcome("succeeded"),
        operation="rollback",
    )
    assert report.next_steps == (
        "hotelctl report show tells what was found, hotelctl verify asks again",
        "hotelctl rollback --to VERSION goes to another kept release, hotelctl deploy to a mended commit",
    )


def test_a_rollback_is_of_the_commit_that_it_went_to_and_not_of_the_checkout(bureau: Bureau) -> None:
    bureau.tree = replace(bureau.tree, commit=RELEASE.commit, branch="main", dirty=("a.py",))
    told = bureau.report(
        done("choose", release=FORMER.to_json()), outcome("succeeded"), operation="rollback"
    ).git
    assert (told.commit, told.branch, told.dirty) == (FORMER.commit, None, False)


def test_a_rollback_that_found_no_release_is_of_the_commit_that_still_serves(bureau: Bureau) -> None:
    assert bureau.report(outcome("stopped"), operation="rollback").git.commit == FORMER.commit


def test_a_deploy_of_what_is_checked_out_names_branch_and_dirt(bureau: Bureau) -> None:
    bureau.tree = replace(bureau.tree, commit=RELEASE.commit, branch="main", dirty=("a.py",))
    told = bureau.report(*GOOD).git
    assert (told.commit, told.branch, told.dirty) == (RELEASE.commit, "main", True)


def test_the_checks_that_were_judged_in_it_stand_in_it(bureau: Bureau) -> None:
    results = {
        "preflight": [made.result("ENV012", made.EVERY_STATUS["ENV012"])],
        "running": [made.result("OPS008", made.EVERY_STATUS["OPS008"])],
    }
    for stage, found in results.items():
        path = bureau.wiring.layout.checks("d1", stage)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(to_json(found)))
    report = bureau.report(*GOOD)
    assert {check.id: check.status for check in report.checks()} == {
        "ENV012": Status.PASSED,
        "OPS008": Status.NOT_APPLICABLE,
    }
    assert report.summary["checks"] == 2


def test_no_secret_of_a_journal_reaches_the_report(bureau: Bureau) -> None:
    report = bureau.report(
        ("build", Kind.FAIL, {"message": f"cannot log in with {SECRET}", "hint": SECRET}), outcome("stopped")
    )
    assert "[redacted" in report.steps[0].summary
    stored = b"".join(path.read_bytes() for path in bureau.shelf.find("d1").rglob("*") if path.is_file())
    assert SECRET.encode() not in stored


def test_the_report_says_in_one_sentence_how_it_ended(bureau: Bureau) -> None:
    assert bureau.report(*GOOD).facts["ending"] == "2.5-bbbbbbbbbbbb serves, 4 of 4 steps done"


def test_paths_in_it_are_relative_to_the_project(bureau: Bureau) -> None:
    place = bureau.wiring.configuration.project / ".hotelctl/x.log"
    failed = ("build", Kind.FAIL, {"message": f"see {place}", "hint": f"its log is kept: {place}"})
    report = bureau.report(failed, outcome("stopped"))
    assert report.next_steps[:2] == ("step build: see .hotelctl/x.log", "its log is kept: .hotelctl/x.log")
    assert report.steps[0].summary == "see .hotelctl/x.log"
