"""The report of an operation, derived from its journal and from the checks that were judged in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from hotelctl.cli._context import kept_results
from hotelctl.cli._elsewhere import edge_address, engine_elsewhere
from hotelctl.cli._ending import ELSEWHERE, LOOK, ending, failing_now
from hotelctl.cli._shelf import Shelf
from hotelctl.cli._version import installed_version
from hotelctl.cli._wiring import Wiring
from hotelctl.config.load import Configuration
from hotelctl.core.ports import WorkTree
from hotelctl.core.report import Report, StepResult, Verdict
from hotelctl.core.units import milliseconds
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.journal import Kind, Outcome, Record
from hotelctl.render.document import ENDING, Document
from hotelctl.render.json import sealed

_VERDICTS = {
    ("deploy", Outcome.SUCCEEDED): Verdict.DEPLOYED,
    ("rollback", Outcome.SUCCEEDED): Verdict.ROLLED_BACK,
}
_OUTCOMES = {
    Outcome.STOPPED: Verdict.STOPPED,
    Outcome.ROLLED_BACK: Verdict.ROLLED_BACK,
    Outcome.FROZEN: Verdict.FROZEN,
}


def operation_report(
    wiring: Wiring, name: str, tree: WorkTree, planned: Sequence[str], shelf: Shelf
) -> Document:
    """The stored report of the operation called `name`; `planned` are its steps in order."""
    past = next(one for one in past_operations(wiring.layout, wiring.ports.files) if one.id == name)
    header = past.progress.header
    outcome = past.progress.outcome
    kind = past.operation
    commit = _commit(past)
    same = commit == tree.commit
    report = Report(
        id=name,
        kind=kind,
        hotelctl_version=installed_version(),
        service={"name": str(header["service"]), "version": _version(past)},
        git={
            "commit": commit,
            "branch": tree.branch if same else None,
            "tag": past.progress.done.get("finish", {}).get("tag"),
            "dirty": same and bool(tree.dirty),
            "shallow": tree.shallow,
        },
        environment=str(header["environment"]),
        profile=wiring.configuration.environment.profile,
        started_at=datetime.fromisoformat(past.records[0].ts_utc),
        finished_at=datetime.fromisoformat(past.records[-1].ts_utc),
        verdict=_verdict(kind, outcome),
        results=kept_results(wiring.layout, name),
        steps=tuple(_steps(past, planned)),
        next_steps=tuple(_next_steps(past)),
        facts={ENDING: ending(past, planned), **dict(_facts(past, wiring.configuration))},
        evidence_head=wiring.ports.evidence.head,
    )
    made = sealed(report, wiring.shown)
    shelf.keep(made)
    return made


def _verdict(kind: str, outcome: Outcome | None) -> Verdict:
    if outcome is None:
        return Verdict.INTERRUPTED
    return _VERDICTS.get((kind, outcome)) or _OUTCOMES[outcome]


def _release(past: Past) -> Mapping[str, Any] | None:
    """The release that it built or chose, as far as it came."""
    done = past.progress.done
    return (done.get("build") or done.get("choose") or {}).get("release")


def _version(past: Past) -> str:
    release = _release(past)
    return str(release["version"]) if release else "unknown"


def _commit(past: Past) -> str:
    """Of its release; a rollback has nothing to do with what is checked out, so without one: what serves."""
    header = past.progress.header
    serving = header.get("serving") if past.operation == "rollback" else None
    return str((_release(past) or serving or header)["commit"])


def _steps(past: Past, planned: Sequence[str]) -> Iterator[StepResult]:
    for number, name in enumerate(planned, start=1):
        yield _step(number, name, [record for record in past.records if record.step == name])


_BEGINS = (Kind.INTENT, Kind.UNDO)
_STATUS = {Kind.DONE: "done", Kind.FAIL: "failed", Kind.UNDONE: "undone"}


def _step(number: int, name: str, records: Sequence[Record]) -> StepResult:
    if not records:
        return StepResult(number, name, "planned", None, 0.0, "not begun")
    ends = [record for record in records if record.kind in _STATUS]
    status = _STATUS[ends[-1].kind] if ends else "running"
    failed = next((r for r in ends if r.kind is Kind.FAIL), None)
    words = [str(r.data.get("message") or r.data.get("summary") or "") for r in ends]
    told = "; then ".join(filter(None, dict.fromkeys(words)))
    summary = told if failed else (words[-1] if words else "interrupted")
    evidence = tuple(dict.fromkeys(i for record in records for i in record.evidence))
    began = datetime.fromisoformat(records[0].ts_utc)
    return StepResult(number, name, status, began, _worked_s(records), summary, evidence)


def _worked_s(records: Sequence[Record]) -> float:
    """Seconds in which somebody worked on the step: what lies between a kill and its repeat is no work."""
    worked, began = 0.0, datetime.fromisoformat(records[0].ts_utc)
    for before, record in pairwise(records):
        if record.kind in _BEGINS:
            worked += (datetime.fromisoformat(before.ts_utc) - began).total_seconds()
            began = datetime.fromisoformat(record.ts_utc)
    return worked + (datetime.fromisoformat(records[-1].ts_utc) - began).total_seconds()


def _next_steps(past: Past) -> Iterator[str]:
    failure, outcome = past.progress.failure, past.progress.outcome
    if outcome is None:
        yield past.progress.ways_on
    if failure is not None:
        yield f"step {failure.step}: {failure.message}"
        if failure.hint:
            yield failure.hint
    if outcome is Outcome.FROZEN:
        yield "look at the environment, then hotelctl resolve --reason TEXT"
    if outcome is Outcome.SUCCEEDED and past.operation == "deploy":
        yield "hotelctl verify asks the running release again; hotelctl rollback goes back"
    if outcome is Outcome.SUCCEEDED and failing_now(past.progress):
        yield LOOK
        yield ELSEWHERE
    yield from (str(note) for note in past.progress.done.get("finish", {}).get("notes", ()))


def _facts(past: Past, configuration: Configuration) -> Iterator[tuple[str, str]]:
    done, header = past.progress.done, past.progress.header
    serving = header.get("serving")
    if past.progress.outcome is Outcome.SUCCEEDED:
        yield "url", edge_address(configuration, header["port"])
    if engine := engine_elsewhere(configuration):
        yield "engine", engine
    yield "by", f"{header['user']}@{header['host']}"
    yield "former release", f"{serving['version']}-{serving['commit'][:12]}" if serving else "none"
    if "prove" in done:
        yield "rollback class", str(done["prove"]["class"])
        if partly := done["prove"].get("not_proven"):
            yield "proved", f"{done['prove']['proved']}; {partly}"
    if "switch" in done:
        yield from _flip(done["switch"])
        yield "watch verdict", str(done["switch"]["verdict"])


def _flip(switch: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How long the atomic act took, and until people were answered; older journals tell the second alone."""
    answered_s, act_s = switch["flip_s"], switch.get("act_s")
    if answered_s is None:
        yield "flip", "not measured: a killed command did it"
        return
    if act_s is not None:
        yield "flip", milliseconds(act_s)
    yield "first answer", f"{milliseconds(answered_s)} after the flip"
