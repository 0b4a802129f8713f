import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hotelctl.core.check import Check
from hotelctl.core.errors import LeftOut, NotApplicable, StepFailed, Unavailable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.judging import FactStore, judge, needs
from hotelctl.core.narrowing import Narrowing
from hotelctl.core.report import CheckResult, Status
from tests.fakes.evidence import FakeEvidence
from tests.render import made


@dataclass(frozen=True)
class Ground:
    n: int


@dataclass(frozen=True)
class Upper:
    n: int


class World:
    """Counts how often each probe ran."""

    def __init__(self, trouble: Unavailable | NotApplicable | None = None) -> None:
        self.evidence = FakeEvidence()
        self.trouble = trouble
        self.asked: list[str] = []


def ground(world: World) -> Ground:
    world.asked.append("ground")
    world.evidence.record("test", {"of": "ground"})
    if world.trouble is not None:
        raise world.trouble
    return Ground(1)


def upper(world: World, below: Ground) -> Upper:
    world.asked.append("upper")
    world.evidence.record("test", {"of": "upper"})
    return Upper(below.n + 1)


def _store(world: World) -> FactStore:
    return FactStore({Ground: ground, Upper: upper}, world, world.evidence)


def test_what_nobody_asked_for_is_not_probed_to_be_shown() -> None:
    world = World()
    store = _store(world)
    assert store.asked(Upper) is None
    assert world.asked == []
    had = store.get(Upper)
    assert store.asked(Upper) is had


def test_a_probe_gets_the_facts_it_names_and_their_evidence() -> None:
    world = World()
    store = _store(world)
    assert store.get(Upper).value == Upper(2)
    assert store.get(Upper).evidence == ("ev-0001", "ev-0002")
    assert store.get(Ground).evidence == ("ev-0001",)
    assert world.asked == ["ground", "upper"]


def test_a_probe_s_further_facts_are_not_asked_for_when_one_is_missing() -> None:
    world = World(NotApplicable("nothing to ask"))

    def both(_world: World, first: Ground, second: str) -> Upper:
        return Upper(first.n + len(second))

    store = FactStore({Ground: ground, str: upper, Upper: both}, world, world.evidence)
    assert store.get(Upper).trouble is world.trouble
    assert world.asked == ["ground"]


def test_a_fact_that_was_put_is_built_on_instead_of_probing() -> None:
    world = World()
    store = _store(world)
    store.put(Ground(41), ["ev-7"])
    had = store.get(Upper)
    assert (had.value, had.evidence[0]) == (Upper(42), "ev-7")
    assert world.asked == ["upper"]


@pytest.mark.parametrize("trouble", [Unavailable("away"), NotApplicable("never")])
def test_trouble_below_is_the_trouble_above(trouble: Unavailable | NotApplicable) -> None:
    world = World(trouble)
    had = _store(world).get(Upper)
    assert had.trouble is trouble
    assert had.evidence == ("ev-0001",)
    assert world.asked == ["ground"]


def test_what_a_port_refuses_is_unavailable() -> None:
    def refused(_world: World) -> Ground:
        raise StepFailed("permission denied to create database")

    world = World()
    trouble = FactStore({Ground: refused}, world, world.evidence).get(Ground).trouble
    assert isinstance(trouble, Unavailable)
    assert trouble.reason == "permission denied to create database"


def test_needs_leaves_out_the_context() -> None:
    assert needs(upper) == (Ground,)
    assert needs(ground) == ()


def _judge(
    findings: tuple[Finding, ...] = (), *, recorded: bool = True, fail_on: Severity = Severity.HIGH
) -> tuple[CheckResult, FakeEvidence]:
    evidence = FakeEvidence()

    def probe(_world: object) -> Ground:
        if recorded:
            evidence.record("test", {})
        return Ground(1)

    def asks(_ground: Ground) -> Iterator[Finding]:
        yield from findings

    store = FactStore({Ground: probe}, None, evidence)
    info = made.info("ENV001", severity=Severity.HIGH)
    return judge(Check(info, (Ground,), asks), store, evidence, fail_on), evidence


def _finding(severity: Severity | None = None) -> Finding:
    return Finding("A", "is wrong", (Measurement("a", 2, "", 1),), severity=severity)


def test_a_check_passes_on_the_evidence_of_its_facts() -> None:
    result, _ = _judge()
    assert (result.status, result.evidence, result.reason) == (Status.PASSED, ("ev-0001",), None)


@pytest.mark.parametrize(
    ("severity", "status"),
    [(None, Status.SKIPPED), (Severity.LOW, Status.UNKNOWN), (Severity.HIGH, Status.FAILED)],
)
def test_a_part_that_was_left_out_is_skipped_and_never_green(
    severity: Severity | None, status: Status
) -> None:
    evidence = FakeEvidence()

    def probe(_world: object) -> Ground:
        evidence.record("test", {})
        return Ground(1)

    def asks(_ground: Ground) -> Iterator[Finding]:
        yield from (_finding(one) for one in (severity,) if one)
        raise LeftOut("nobody looked")

    store = FactStore({Ground: probe}, None, evidence)
    result = judge(Check(made.info("ENV001"), (Ground,), asks), store, evidence, Severity.HIGH)
    assert (result.status, result.reason) == (status, "nobody looked")


def test_a_check_for_which_nothing_was_measured_does_not_pass() -> None:
    result, _ = _judge(recorded=False)
    assert (result.status, result.reason) == (Status.UNKNOWN, "nothing was measured for it")


@pytest.mark.parametrize(
    ("own", "fail_on", "status", "severity"),
    [
        (None, Severity.HIGH, Status.FAILED, Severity.HIGH),
        (None, Severity.CRITICAL, Status.WARNED, Severity.HIGH),
        (Severity.LOW, Severity.HIGH, Status.WARNED, Severity.LOW),
        (Severity.CRITICAL, Severity.CRITICAL, Status.FAILED, Severity.CRITICAL),
    ],
)
def test_a_finding_has_its_own_severity_or_that_of_the_check(
    own: Severity | None, fail_on: Severity, status: Status, severity: Severity
) -> None:
    result, evidence = _judge((_finding(own),), fail_on=fail_on)
    assert (result.status, result.findings[0].severity) == (status, severity)
    (record,) = evidence.of("finding")
    assert result.findings[0].evidence == (record["id"],)
    assert (record["check"], record["kind"], record["value"]) == ("ENV001", "Measurement", 2)


def test_the_worst_finding_decides() -> None:
    result, _ = _judge((_finding(Severity.LOW), _finding(Severity.CRITICAL)))
    assert (result.status, len(result.findings)) == (Status.FAILED, 2)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Unavailable("away"), Status.UNKNOWN), (NotApplicable("never"), Status.NOT_APPLICABLE)],
)
def test_trouble_of_a_fact_is_no_pass_and_asks_nothing(
    trouble: Unavailable | NotApplicable, status: Status
) -> None:
    world = World(trouble)

    def asks(_upper: Upper) -> Iterator[Finding]:
        raise AssertionError
        yield

    check = Check(made.info("ENV001"), (Upper,), asks)
    result = judge(check, _store(world), world.evidence, Severity.HIGH)
    assert (result.status, result.reason, result.evidence) == (status, trouble.reason, ("ev-0001",))


def _stopped(trouble: Unavailable | NotApplicable, severity: Severity) -> tuple[CheckResult, int]:
    """The result of a check that finds something before the trouble, and how many findings are on record."""

    def asks(_ground: Ground) -> Iterator[Finding]:
        yield _finding(severity)
        raise trouble

    world = World()
    check = Check(made.info("ENV001"), (Ground,), asks)
    result = judge(check, _store(world), world.evidence, Severity.HIGH)
    return result, len(world.evidence.of("finding"))


@pytest.mark.parametrize(
    ("severity", "status"), [(Severity.HIGH, Status.FAILED), (Severity.MEDIUM, Status.UNKNOWN)]
)
def test_trouble_in_the_middle_of_a_check_is_told_beside_what_was_found(
    severity: Severity, status: Status
) -> None:
    result, recorded = _stopped(Unavailable("the rest is away"), severity)
    assert (result.status, result.reason, recorded) == (status, "the rest is away", 1)
    assert [one.severity for one in result.findings] == [severity]


def test_a_question_that_does_not_arise_has_no_findings() -> None:
    result, recorded = _stopped(NotApplicable("never"), Severity.HIGH)
    assert (result.status, result.reason) == (Status.NOT_APPLICABLE, "never")
    assert (result.findings, recorded) == ((), 0)


def test_threads_that_ask_for_one_fact_probe_it_once() -> None:
    world = World()
    store = _store(world)
    threads = [threading.Thread(target=store.get, args=(kind,)) for kind in (Ground, Upper) * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(world.asked) == ["ground", "upper"]


def test_what_a_check_asks_for_after_a_fact_that_is_not_there_is_not_probed() -> None:
    def first(_: World) -> Ground:
        raise NotApplicable("there is none")

    def second(world: World) -> Upper:
        world.asked.append("second")
        return Upper(1)

    def nothing(_ground: Ground, _upper: Upper) -> Iterator[Finding]:
        yield from ()

    world = World()
    store = FactStore({Ground: first, Upper: second}, world, world.evidence)
    result = judge(Check(made.info("OPS001"), (Ground, Upper), nothing), store, world.evidence, Severity.HIGH)
    assert (result.status, result.reason) == (Status.NOT_APPLICABLE, "there is none")
    assert world.asked == []


def _narrowed(*found: Finding, trouble: Unavailable | None = None) -> tuple[CheckResult, list[str]]:
    """A check that finds these, and all but what is called `old` counts; and what was recorded."""

    def judged(_ground: Ground) -> Iterator[Finding]:
        yield from found
        if trouble is not None:
            raise trouble

    world = World()
    old = Narrowing(lambda _, every: [one for one in every if one.subject == "old"], "known from base.json")
    check = Check(made.info("OPS001"), (Ground,), judged)
    result = judge(check, _store(world), world.evidence, Severity.HIGH, old)
    return result, [one["name"] for one in world.evidence.of("finding")]


def _named(subject: str) -> Finding:
    return Finding(subject, "is wrong", (Measurement(subject, 1, ""),))


def test_what_is_left_out_neither_counts_nor_is_recorded_and_is_told() -> None:
    result, recorded = _narrowed(_named("old"))
    assert (result.status, result.findings, recorded) == (Status.PASSED, (), [])
    assert result.left_out == "1 finding left out, known from base.json: old"
    result, recorded = _narrowed(_named("old"), _named("new"))
    assert (result.status, [f.finding.subject for f in result.findings]) == (Status.FAILED, ["new"])
    assert recorded == ["new"]
    assert _narrowed(_named("new"))[0].left_out == ""


def test_what_could_not_be_judged_stays_in_doubt_whatever_is_left_out() -> None:
    result, _ = _narrowed(_named("old"), trouble=Unavailable("cut off"))
    assert (result.status, result.reason) == (Status.UNKNOWN, "cut off")
