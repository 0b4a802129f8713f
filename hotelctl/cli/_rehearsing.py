"""`rehearse`: the way there and both ways back, gone on a throw-away copy of the environment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.workspace import workspace
from hotelctl.cli._broken_off import gone_when_broken_off
from hotelctl.cli._places import REPORTS, STATE
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._rehearsal_acts import Act, Acts, Plan
from hotelctl.cli._rehearsal_asking import Asking
from hotelctl.cli._rehearsal_copy import copied
from hotelctl.cli._secrets import keep_out_of_git
from hotelctl.cli._serving import traffic_of
from hotelctl.cli._shelf import Kept, Shelf, report_id
from hotelctl.cli._stock import stock_of
from hotelctl.cli._validation_report import Subject, report_of, subject_of
from hotelctl.cli._wiring import Asked, Wiring, configure, unrecorded_files, wired
from hotelctl.config.deployable import require_deployable
from hotelctl.config.load import Configuration
from hotelctl.core.errors import HotelctlError, Unavailable
from hotelctl.core.progress import Observer
from hotelctl.core.report import Policy, Report, StepResult, Verdict
from hotelctl.deploy.backup import Backup
from hotelctl.render.document import ENDING
from hotelctl.render.json import sealed
from hotelctl.render.progress import progress

_DONE, _FAILED, _PLANNED = "done", "failed", "planned"


@dataclass(frozen=True, slots=True)
class _Acted:
    """What was done, what went wrong, and which way back was shown on which schema."""

    steps: tuple[StepResult, ...]
    failure: HotelctlError | None
    shown: Mapping[str, str | None]


def rehearsed(asked: Asked, shown: Presentation) -> Kept:
    """The report of the rehearsal; it is on its shelf, and nothing of the copy is left, when this returns.

    Raises:
        UsageError: the service cannot be deployed, or a copy would not have a database of its own.
        StepFailed: git cannot copy the checkout.

    """
    configuration = configure(asked)
    require_deployable(configuration)
    subject = subject_of(configuration, "rehearse", None)
    keep_out_of_git(configuration.project / STATE, unrecorded_files(configuration))
    shelf, began = Shelf(configuration.project / REPORTS), SystemClock().now()
    name = report_id(began, subject.tree.commit)
    noted = {"commit": subject.tree.commit, "dirty": bool(subject.tree.dirty)}
    with (
        gone_when_broken_off(shelf.begin(name)) as place,
        workspace() as room,
        wired(configuration, place, noted, start_database=False, temporary=room) as wiring,
    ):
        with progress(
            wiring.redactor, quiet=shown.quiet, no_color=shown.no_color, told_again=True
        ) as observer:
            acted = _acted(wiring, _plan(configuration, subject), observer)
        if acted.failure is None:
            path = wiring.layout.rehearsal(name)
            wiring.ports.files.write_durable(path, json.dumps(acted.shown, indent=1).encode())
        made = sealed(_report(wiring, subject, acted, name, began), wiring.shown)
    return Kept(made, shelf.keep(made))


def _plan(configuration: Configuration, subject: Subject) -> Plan:
    """What serves, else the checkout as well; a backup that was restored on trial before."""
    release = traffic_of(configuration).release
    commit = subject.tree.commit
    return Plan(release.commit if release else commit, commit, _newest(configuration))


def _newest(configuration: Configuration) -> Backup | None:
    found = [item.backup for item in stock_of(configuration) if item.backup is not None]
    return next((one for one in reversed(found) if one.verified_at), None)


def _acted(wiring: Wiring, plan: Plan, observer: Observer) -> _Acted:
    with copied(wiring, plan.current, plan.candidate) as copy:
        asking = Asking(copy.port, copy.configuration().spec.health.ready)
        acts = Acts(copy, plan, asking)
        try:
            steps, failure = _one_by_one(wiring, tuple(acts.every()), observer)
        finally:
            asking.end()
            wiring.ports.evidence.record("asking", {"answers": str(asking.answers)}, asking.reasons)
    shown = {"current": plan.current, "candidate": plan.candidate, "schema": acts.schema}
    return _Acted(tuple(steps), failure, shown)


Steps = tuple[list[StepResult], HotelctlError | None]


def _one_by_one(wiring: Wiring, acts: Sequence[Act], observer: Observer) -> Steps:
    """A step for each; after one that failed, none of the others is done."""
    steps: list[StepResult] = []
    for n, act in enumerate(acts, start=1):
        step, failure = _step(wiring, n, act, len(acts), observer)
        steps.append(step)
        if failure is not None:
            left = enumerate(acts[n:], start=n + 1)
            steps += [StepResult(k, one.name, _PLANNED, None, 0.0, "not begun") for k, one in left]
            return steps, failure
    return steps, None


def _step(
    wiring: Wiring, n: int, act: Act, total: int, observer: Observer
) -> tuple[StepResult, HotelctlError | None]:
    clock, failure = wiring.ports.clock, None
    began_at, began = clock.now(), clock.monotonic()
    observer.began(n, total, act.name, act.title)
    with wiring.ports.evidence.scope() as evidence:
        try:
            status, summary = _DONE, act.run()
        except (HotelctlError, Unavailable) as error:
            failure = error if isinstance(error, HotelctlError) else HotelctlError(str(error), "")
            status, summary = _FAILED, failure.message
    worked_s = clock.monotonic() - began
    observer.ended(status, summary, worked_s)
    return StepResult(n, act.name, status, began_at, worked_s, summary, tuple(evidence)), failure


def _report(wiring: Wiring, subject: Subject, acted: _Acted, name: str, began: datetime) -> Report:
    done = sum(step.status == _DONE for step in acted.steps)
    told = f"{done} of {len(acted.steps)} acts of the rehearsal done"
    if acted.failure is not None:
        failed = next(step for step in acted.steps if step.status == _FAILED)
        told = f"act {failed.n} ({failed.name}) failed, nothing but the copy was touched"
    report = report_of(wiring, subject, (), Policy(), began)
    return replace(
        report,
        id=name,
        verdict=Verdict.BLOCKED if acted.failure else Verdict.READY,
        steps=acted.steps,
        facts={ENDING: told},
        next_steps=_next(acted.failure),
    )


def _next(failure: HotelctlError | None) -> tuple[str, ...]:
    if failure is None:
        return ("hotelctl deploy puts this commit into service",)
    return tuple(filter(None, (failure.message, failure.hint, "hotelctl rehearse")))
