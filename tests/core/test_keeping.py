"""Results that need not be had again, and everything that makes them be had again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.check import Check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.judging import FactStore, Had, judge
from hotelctl.core.keeping import Keeping
from hotelctl.core.kept import Again, Question
from hotelctl.core.report import CheckResult, Status
from tests.fakes.evidence import FakeEvidence
from tests.render import made

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    """What takes long to be had."""

    ok: bool


@dataclass(frozen=True, repr=False)
class Hidden:
    """What no report shows."""

    value: str

    def __repr__(self) -> str:
        return "hidden"


@dataclass(frozen=True)
class Limit:
    """What is read each time."""

    most: int
    data: bytes
    hidden: Mapping[str, tuple[Hidden, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What is built on a run, and is another one each time."""

    n: int


@dataclass(frozen=True)
class Commit:
    """What the ground says."""


@dataclass
class World:
    """One command after another on the same place."""

    ok: bool = True
    limit: int | Unavailable | NotApplicable = 3
    secret: str = "one"
    data: bytes = b"one"
    trouble: NotApplicable | Unavailable | None = None
    runs: int = 0
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    kept: dict[str, tuple[Any, tuple[str, ...]]] = field(default_factory=dict)
    measured: datetime = NOW

    def again(self, _shape: type, question: Question, not_before: datetime) -> Again[Any] | None:
        found = self.kept.get(repr(question))
        if found is None or self.measured < not_before:
            return None
        return Again(found[0], tuple(f"kept-{one}" for one in found[1]))

    def keep(self, _shape: type, question: Question, answer: object, evidence: Iterable[str]) -> None:
        self.kept[repr(question)] = (answer, tuple(evidence))


def run(world: World) -> Run:
    world.runs += 1
    world.evidence.record("run", {"ok": world.ok})
    if world.trouble is not None:
        raise world.trouble
    return Run(world.ok)


def limit(world: World) -> Limit:
    world.evidence.record("limit", {})
    if isinstance(world.limit, Unavailable | NotApplicable):
        raise world.limit
    return Limit(world.limit, world.data, {"key": (Hidden(world.secret),)})


def asked(world: World, _run: Run) -> Asked:
    world.evidence.record("asked", {})
    return Asked(world.runs)


def commit(world: World) -> Commit:
    world.evidence.record("commit", {})
    return Commit()


def passes(ran: Run, _limit: Limit) -> Iterator[Finding]:
    if not ran.ok:
        yield Finding("run", "failed", (Measurement("runs", 0, ""),))


CHECK = Check(made.info("BLD003"), (Run, Limit), passes)
OF_ANOTHER = Check(made.info("BLD003"), (Asked,), lambda _: iter(()))
QUICK = Check(made.info("BLD003"), (Limit,), lambda _: iter(()))


def keeping(world: World, **more: Any) -> Keeping:  # noqa: ANN401 - its fields
    facts = FactStore({Run: run, Limit: limit, Asked: asked, Commit: commit}, world, world.evidence)
    usual = Keeping(
        kept=world,
        facts=facts,
        follows={run: ("tool",)},
        ground={"commit": "c1"},
        said=frozenset({Commit}),
        not_before=NOW,
        identity=lambda name: f"{name} 1.0",
        mark=str,
        untouched=lambda: True,
    )
    return replace(usual, **more)


def judged(world: World, check: Check = CHECK, **more: Any) -> CheckResult:  # noqa: ANN401 - its fields
    one = keeping(world, **more)
    result = one.result(check, lambda: judge(check, one.facts, world.evidence, Severity.HIGH))
    one.settle()
    return result


def test_beside_a_fact_that_does_not_apply_what_takes_long_is_not_had_again() -> None:
    world = World(limit=NotApplicable("no limit is set"))
    first = judged(world)
    assert (first.status, judged(world).status, world.runs) == (*[Status.NOT_APPLICABLE] * 2, 1)
    world.limit = NotApplicable("no limit can be set")
    assert (judged(world).reason, world.runs) == ("no limit can be set", 2)


def test_what_passed_is_not_had_again_and_shows_its_evidence() -> None:
    world = World()
    first, second = judged(world), judged(world)
    assert (first.status, second.status, world.runs) == (Status.PASSED, Status.PASSED, 1)
    assert second.evidence == tuple(f"kept-{one}" for one in first.evidence)


def test_nothing_is_kept_before_all_is_judged_and_then_once() -> None:
    world = World()
    one = keeping(world, whole={Run: lambda ran: ran.ok})
    one.facts.kept = one
    assert one.result(CHECK, lambda: judge(CHECK, one.facts, world.evidence, Severity.HIGH)).findings == ()
    assert world.kept == {}
    one.settle()
    assert len(world.kept) == 2
    world.kept.clear()
    one.settle()
    assert world.kept == {}


def test_where_anything_was_touched_meanwhile_neither_result_nor_fact_is_kept() -> None:
    world = World()
    judged(world, untouched=lambda: False)
    had(world, untouched=lambda: False)
    assert world.kept == {}
    judged(world)
    assert world.runs == 3


def test_what_turned_out_to_follow_from_something_else_is_not_kept_and_the_rest_is() -> None:
    world = World()
    judged(world, foreign=lambda: {Run})
    had(world, foreign=lambda: {Run})
    assert world.kept == {}
    judged(world, foreign=lambda: {Asked})
    assert len(world.kept) == 1


def test_where_nothing_waits_nobody_looks_again() -> None:
    world = World(ok=False)
    looked: list[str] = []

    def untouched() -> bool:
        looked.append("again")
        return True

    judged(world, untouched=untouched)
    assert looked == []


def test_what_stands_on_no_evidence_does_not_wait_to_be_kept() -> None:
    world = World()
    one = keeping(world)
    silent = CheckResult(CHECK.info, Status.NOT_APPLICABLE, 0.0, reason="no such thing here")
    assert one.result(CHECK, lambda: silent) is silent
    one.leave(Run, Had(Run(ok=True), ()))
    assert one._waiting == []


def test_what_does_not_apply_keeps_its_reason() -> None:
    world = World(trouble=NotApplicable("no tests"))
    judged(world)
    assert (judged(world).status, judged(world).reason, world.runs) == (
        Status.NOT_APPLICABLE,
        "no tests",
        1,
    )


@pytest.mark.parametrize("world", [World(ok=False), World(trouble=Unavailable("killed"))])
def test_what_failed_or_is_unknown_is_had_again(world: World) -> None:
    assert judged(world).status is judged(world).status
    assert world.runs == 2


def test_what_was_left_out_is_no_result() -> None:
    world = World()
    one = keeping(world)
    part = replace(judge(CHECK, one.facts, world.evidence, Severity.HIGH), left_out="2 old findings")
    assert one.result(CHECK, lambda: part) is part
    one.settle()
    assert world.kept == {}


@pytest.mark.parametrize(
    "more",
    [
        {"ground": {"commit": "c2"}},
        {"identity": "{} 2.0".format},
        {"not_before": NOW.replace(hour=1)},
    ],
)
def test_another_commit_or_program_or_day_is_asked(more: dict[str, Any]) -> None:
    world = World()
    judged(world)
    judged(world, **more)
    assert world.runs == 2


def test_what_is_read_each_time_counts_too() -> None:
    world = World()
    judged(world)
    world.limit = 4
    judged(world)
    assert world.runs == 2
    judged(world)
    assert world.runs == 2


def test_a_value_that_a_fact_does_not_show_counts_too() -> None:
    world = World()
    judged(world)
    judged(world)
    assert world.runs == 1
    world.secret = "two"
    judged(world)
    assert world.runs == 2


def test_a_file_whose_bytes_are_others_counts_too() -> None:
    world = World()
    judged(world)
    world.data = b"two"
    judged(world)
    assert world.runs == 2
    judged(world)
    assert world.runs == 2


def test_another_check_has_another_result() -> None:
    world = World()
    judged(world)
    judged(world, Check(made.info("BLD004"), (Run, Limit), passes))
    assert world.runs == 2


def test_nothing_is_kept_where_a_program_is_not_there_or_a_fact_cannot_be_had() -> None:
    world = World()
    judged(world, identity=lambda _: "")
    world.limit = Unavailable("gone")
    judged(world)
    assert world.kept == {}


def test_what_is_built_on_it_and_follows_from_more_is_judged_each_time() -> None:
    world = World()
    judged(world, OF_ANOTHER)
    judged(world, QUICK)
    judged(world, Check(made.info("BLD003"), (Commit,), lambda _: iter(())))
    assert world.kept == {}
    judged(world, OF_ANOTHER)
    assert world.runs == 2


def had(world: World, **more: Any) -> Had:  # noqa: ANN401 - fields of the keeping
    one = keeping(world, **({"whole": {Run: lambda ran: ran.ok}} | more))
    one.facts.kept = one
    found = one.facts.get(Run)
    one.settle()
    return found


def test_a_whole_fact_is_not_had_again_and_shows_its_evidence() -> None:
    world = World()
    first, second = had(world), had(world)
    assert (first.value, second.value, world.runs) == (Run(ok=True), Run(ok=True), 1)
    assert second.evidence == tuple(f"kept-{one}" for one in first.evidence)


@pytest.mark.parametrize(
    "more",
    [
        {"ground": {"commit": "c2"}},
        {"identity": "{} 2.0".format},
        {"not_before": NOW.replace(hour=1)},
        {"whole": {}},
        {"follows": {}},
    ],
)
def test_a_fact_is_had_again_of_another_commit_or_program_or_day_or_where_it_is_not_kept(
    more: dict[str, Any],
) -> None:
    world = World()
    had(world)
    had(world, **more)
    assert world.runs == 2


@pytest.mark.parametrize("world", [World(ok=False), World(trouble=Unavailable("killed"))])
def test_a_fact_that_is_not_whole_is_had_again(world: World) -> None:
    had(world)
    had(world)
    assert (world.runs, world.kept) == (2, {})


def test_a_check_that_finds_something_is_judged_anew_of_a_kept_fact() -> None:
    world = World()
    strict = Check(made.info("BLD004"), (Run, Limit), lambda ran, _limit: passes(Run(not ran.ok), _limit))

    def once() -> CheckResult:
        one = keeping(world, whole={Run: lambda ran: ran.ok})
        one.facts.kept = one
        result = one.result(strict, lambda: judge(strict, one.facts, world.evidence, Severity.HIGH))
        one.settle()
        return result

    assert once().status is once().status is Status.FAILED
    assert world.runs == 1
