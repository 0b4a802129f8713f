import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hotelctl.checks.rules import rules
from hotelctl.cli import _judging
from hotelctl.cli._judging import Bench, begin_awaited, left_out
from hotelctl.cli._waiving import Waiving
from hotelctl.core.by_name import full_name
from hotelctl.core.check import Check, Stage
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.judging import FactStore
from hotelctl.core.progress import Silent
from hotelctl.core.report import Status
from hotelctl.facts.waivers import WaiverBook
from hotelctl.probes.registry import PROBES
from tests.fakes.evidence import FakeEvidence
from tests.render import made


@dataclass(frozen=True)
class Fact:
    value: int


class Told(Silent):
    def __init__(self) -> None:
        self.lines: list[tuple[str, ...]] = []

    def began(self, n: int, total: int, name: str, title: str) -> None:  # noqa: ARG002 - the observer's signature
        self.lines.append(("began", f"{n}/{total}", name))

    def ended(self, status: str, summary: str, seconds: float) -> None:  # noqa: ARG002 - the observer's signature
        self.lines.append(("ended", status))


def fine(_fact: Fact) -> Iterator[Finding]:
    yield from ()


def wrong(fact: Fact) -> Iterator[Finding]:
    yield Finding("fact", "is wrong", (Measurement("value", fact.value, ""),))


def broken(_fact: Fact) -> Iterator[Finding]:
    raise ZeroDivisionError
    yield


def unwaived(_context: object) -> WaiverBook:
    raise NotApplicable("no file")


def bench(told: Silent | None = None, deadline: Deadline | None = None) -> Bench:
    evidence = FakeEvidence()

    def probe(_context: object) -> Fact:
        evidence.record("probe", {})
        return Fact(1)

    facts = FactStore({Fact: probe, WaiverBook: unwaived}, None, evidence)
    return Bench(facts, evidence, Severity.HIGH, told or Silent(), Waiving(facts, Severity.HIGH), deadline)


def checks(*judges: object) -> list[Check]:
    return [Check(made.info(f"ENV{n:03}"), (Fact,), judge) for n, judge in enumerate(judges, start=1)]  # type: ignore[arg-type]  # functions of this module


@pytest.mark.parametrize("jobs", [1, 2, 32])
def test_results_come_in_the_order_of_the_checks(jobs: int) -> None:
    found = bench().judge(checks(fine, wrong, fine, wrong), jobs)
    assert [r.info.id for r in found] == ["ENV001", "ENV002", "ENV003", "ENV004"]
    assert [r.status for r in found] == [Status.PASSED, Status.FAILED] * 2


def test_no_check_is_no_result() -> None:
    assert bench().judge([], 2) == ()


def test_checks_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=60)

    def meets(_fact: Fact) -> Iterator[Finding]:
        meeting.wait()
        yield from ()

    assert [r.status for r in bench().judge(checks(meets, meets), 2)] == [Status.PASSED] * 2


def test_a_bug_in_a_check_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        bench().judge(checks(fine, broken, fine), 2)


def test_the_observer_is_told_of_each_check() -> None:
    told = Told()
    bench(told).judge(checks(fine, wrong), 1)
    assert told.lines == [
        ("began", "1/2", "ENV001"),
        ("ended", "pass"),
        ("began", "2/2", "ENV002"),
        ("ended", "fail"),
    ]


@pytest.mark.parametrize(("limit_s", "begun"), [(None, "5 2 3 1 4"), (60.0, "1 2 3 4 5")])
def test_what_takes_long_begins_first_unless_time_is_short(limit_s: float | None, begun: str) -> None:
    told, deadline = Told(), Deadline.after(limit_s, lambda: 0.0) if limit_s else None
    stages = (Stage.PREFLIGHT, Stage.AUDIT, Stage.BUILD, Stage.PREFLIGHT, Stage.SANDBOX)
    asked = [
        Check(made.info(f"ENV{n:03}", stage=stage), (Fact,), fine) for n, stage in enumerate(stages, start=1)
    ]
    results = bench(told, deadline).judge(asked, 1)
    names = [line[2].lstrip("ENV0") for line in told.lines if line[0] == "began"]
    assert " ".join(names) == begun
    assert [one.info.id for one in results] == [one.info.id for one in asked]


def test_after_the_time_limit_no_check_is_begun_and_none_is_green() -> None:
    times = iter([0.0, 0.0, 99.0, 99.0])
    found = bench(deadline=Deadline(10.0, lambda: next(times))).judge(checks(fine, fine, fine, fine), 1)
    assert [r.status for r in found] == [Status.PASSED] * 2 + [Status.UNKNOWN] * 2
    assert "time limit" in str(found[-1].reason)


def test_what_is_left_out_says_why() -> None:
    (result,) = left_out(checks(fine), "asked for: --skip ENV001")
    assert (result.status, result.reason) == (Status.SKIPPED, "asked for: --skip ENV001")


@dataclass(frozen=True)
class Answer:
    """What another machine says."""


def test_what_is_only_waited_for_is_asked_before_any_check_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    times: list[int] = []

    def probe(_context: object) -> Answer:
        times.append(1)
        asked.set()
        return Answer()

    monkeypatch.setattr(_judging, "_AWAITED", {full_name(Answer)})
    facts = FactStore({Answer: probe, Fact: lambda _: pytest.fail("begun too early")}, None, FakeEvidence())
    checks = (Check(made.info("SEC010"), (Answer,), fine), Check(made.info("ENV001"), (Fact,), fine))
    begin_awaited(checks, facts)
    assert asked.wait(10)
    assert facts.get(Answer).value == Answer()
    assert times == [1]


@dataclass(frozen=True)
class Built:
    """What stands on such an answer."""


def built(_context: object, _answer: Answer) -> Built:
    return Built()


def test_what_a_fact_stands_on_is_asked_before_any_check_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()

    def probe(_context: object) -> Answer:
        asked.set()
        return Answer()

    monkeypatch.setattr(_judging, "_AWAITED", {full_name(Answer)})
    facts = FactStore({Answer: probe, Built: built}, None, FakeEvidence())
    begin_awaited((Check(made.info("SEC002"), (Built,), fine),), facts)
    assert asked.wait(10)
    assert facts.asked(Built) is None


def test_what_breaks_while_it_is_waited_for_breaks_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def probe(_context: object) -> Answer:
        begun.set()
        raise ZeroDivisionError

    monkeypatch.setattr(_judging, "_AWAITED", {full_name(Answer)})
    facts = FactStore({Answer: probe}, None, FakeEvidence())
    begin_awaited((Check(made.info("SEC010"), (Answer,), fine),), facts)
    assert begun.wait(10)
    with pytest.raises(ZeroDivisionError):
        facts.get(Answer)


def test_what_is_awaited_is_a_fact_that_a_check_stands_on() -> None:
    facts = FactStore(PROBES, None, FakeEvidence())
    asked = {full_name(fact) for rule in rules() for fact in facts.behind(rule.check().facts)}
    assert asked >= _judging._AWAITED
