"""How a check becomes a result: facts asked once, findings weighed, doubts kept apart."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Protocol, get_type_hints

from hotelctl.core.check import Check
from hotelctl.core.errors import LeftOut, NotApplicable, StepFailed, Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.narrowing import Narrowing
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.report import CheckResult, JudgedFinding, Status, doubted, weighed

Probe = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Had:
    """A fact and the evidence it stands on, or why there is none."""

    value: Any
    evidence: tuple[str, ...]
    trouble: Unavailable | NotApplicable | None = None


class EarlierFacts(Protocol):
    """Facts that earlier commands had and that would be the same today."""

    def earlier(self, kind: type) -> Had | None:
        """The fact of that type, with its evidence recorded again; None where it has to be probed."""
        ...

    def leave(self, kind: type, had: Had) -> None:
        """The next command finds it, if it is one to be kept."""
        ...


class FactStore:
    """Every fact is probed once, whoever asks first; a deploy step can put in what it measured."""

    kept: EarlierFacts | None = None

    def __init__(self, probes: Mapping[type, Probe], context: Any, evidence: EvidenceLog) -> None:  # noqa: ANN401 - the probes' own context
        """Take the probes by the type of the fact that they return."""
        self._probes = probes
        self._context = context
        self._evidence = evidence
        self._had: dict[type, Had] = {}
        self._locks: dict[type, threading.Lock] = {}
        self._guard = threading.Lock()
        self._making: set[type] = set()
        self._news = threading.Condition()

    def put(self, fact: Any, evidence: Iterable[str]) -> None:  # noqa: ANN401 - any fact
        """Answer with `fact` from now on instead of probing."""
        self._had[type(fact)] = Had(fact, tuple(evidence))

    def get(self, kind: type) -> Had:
        """The fact of that type; probing happens at most once."""
        with self._guard:
            lock = self._locks.setdefault(kind, threading.Lock())
        with lock:
            if kind not in self._had:
                self._make(kind)
            return self._had[kind]

    def first_at_rest(self, sets: Sequence[frozenset[type]], wanted: frozenset[type]) -> int:
        """The place of the first of these of which nothing is in the making, and rather nothing `wanted`.

        Else rather one that needs something of its own: all of the others would only be waited for. Where
        something of each is in the making, it is one that also needs what can be made meanwhile.

        Returns as soon as there is one: what waits for others makes nothing, so that there will be.
        """
        with self._news:
            while True:
                lacking = [kinds.difference(self._had) for kinds in sets]
                rests = [place for place, one in enumerate(lacking) if self._making.isdisjoint(one)]
                free = [place for place in rests if wanted.isdisjoint(lacking[place])]
                own = [place for place in rests if lacking[place] - wanted]
                if chosen := free or own or rests or self._begins(lacking, wanted):
                    return chosen[0]
                self._news.wait()

    def _begins(self, lacking: Sequence[frozenset[type]], wanted: frozenset[type]) -> list[int]:
        """The places of those for which something can be made that nobody `wanted`."""
        return [
            place
            for place, kinds in enumerate(lacking)
            if any(self._making.isdisjoint(self.behind((kind,))) for kind in kinds - wanted)
        ]

    def asked(self, kind: type) -> Had | None:
        """The fact of that type where somebody has asked for it; nothing is probed."""
        return self._had.get(kind)

    def had(self, kinds: Iterable[type]) -> list[Had]:
        """These facts in order, up to the first that is not there: what comes after need not be asked for."""
        had: list[Had] = []
        for kind in kinds:
            had.append(self.get(kind))
            if had[-1].trouble is not None:
                break
        return had

    def probe(self, kind: type) -> Probe | None:
        """What gives the fact of that type; None where it can be put in alone."""
        return self._probes.get(kind)

    def behind(self, kinds: Iterable[type]) -> frozenset[type]:
        """These facts, and all that they are built on."""
        found: set[type] = set()
        waiting = list(kinds)
        while waiting:
            kind = waiting.pop()
            if kind not in found:
                found.add(kind)
                # What was put in is there without a probe.
                waiting += needs(self._probes[kind]) if kind in self._probes else ()
        return frozenset(found)

    def _make(self, kind: type) -> None:
        if self.kept is not None and (earlier := self.kept.earlier(kind)) is not None:
            self._had[kind] = earlier
            return
        try:
            needed = self.had(needs(self._probes[kind]))
            with self._news:
                self._making.add(kind)
            self._had[kind] = self._probe(kind, needed)
        finally:
            with self._news:
                self._making.discard(kind)
                self._news.notify_all()

    def _probe(self, kind: type, needed: Sequence[Had]) -> Had:
        had = self._probed(kind, needed)
        if self.kept is not None:
            self.kept.leave(kind, had)
        return had

    def _probed(self, kind: type, needed: Sequence[Had]) -> Had:
        probe = self._probes[kind]
        before = tuple(dict.fromkeys(i for one in needed for i in one.evidence))
        if trouble := next((one.trouble for one in needed if one.trouble is not None), None):
            return Had(None, before, trouble)
        with self._evidence.scope() as ids:
            try:
                value = probe(self._context, *(one.value for one in needed))
            except (Unavailable, NotApplicable) as why:
                return Had(None, (*before, *ids), why)
            except StepFailed as refusal:
                return Had(None, (*before, *ids), Unavailable(refusal.message))
        return Had(value, (*before, *ids))


# Asked of every probe for every check.
@cache
def needs(probe: Probe) -> tuple[type, ...]:
    """The facts that a probe builds on: the types of its parameters after the context."""
    hints = get_type_hints(probe)
    hints.pop("return", None)
    return tuple(hints.values())[1:]


def judge(
    check: Check,
    facts: FactStore,
    evidence: EvidenceLog,
    fail_on: Severity,
    narrowing: Narrowing | None = None,
) -> CheckResult:
    """The result of one check; a finding below `fail_on` warns, one at or above it fails.

    What was found before something could not be judged stays, and only fails the check or leaves it unknown.
    What `narrowing` leaves out neither counts nor is recorded: the result says in words what it was.
    """
    started = time.monotonic()
    had = facts.had(check.facts)
    ids = tuple(dict.fromkeys(i for one in had for i in one.evidence))
    found, trouble = _found(check, had)
    counting, left = narrowing.split(check.info, found) if narrowing else (found, "")
    findings = tuple(_judged(f, check, evidence) for f in counting)
    reason = trouble.reason if trouble else None
    if isinstance(trouble, NotApplicable):
        status = Status.NOT_APPLICABLE
    elif isinstance(trouble, LeftOut) and not findings:
        status = Status.SKIPPED
    elif trouble is not None:
        status = doubted(findings, fail_on)
    else:
        status = _status(findings, fail_on, ids)
        reason = "nothing was measured for it" if status is Status.UNKNOWN else None
    took_s = time.monotonic() - started
    return CheckResult(check.info, status, took_s, ids, findings, reason, left_out=left)


def _found(check: Check, had: Iterable[Had]) -> tuple[list[Finding], Unavailable | NotApplicable | None]:
    """What the check finds, and why it could not go on; what does not apply has found nothing."""
    found: list[Finding] = []
    try:
        for one in had:
            if one.trouble is not None:
                raise one.trouble
        found.extend(check.judge(*(one.value for one in had)))
    except Unavailable as trouble:
        return found, trouble
    except NotApplicable as trouble:
        return [], trouble
    return found, None


def _status(findings: tuple[JudgedFinding, ...], fail_on: Severity, ids: tuple[str, ...]) -> Status:
    if not findings:
        return Status.PASSED if ids else Status.UNKNOWN
    return weighed(findings, fail_on)


def _judged(finding: Finding, check: Check, evidence: EvidenceLog) -> JudgedFinding:
    ids = tuple(
        evidence.record("finding", {"check": check.info.id, "kind": type(e).__name__, **asdict(e)})
        for e in finding.evidence
    )
    return JudgedFinding(finding, finding.severity or check.info.severity, ids)
