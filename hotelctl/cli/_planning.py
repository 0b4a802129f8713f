"""What a deploy would do, told by the same steps that a deploy executes, and the hash that stands for it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli._operating import Operator
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._wiring import Asked, Wiring, configure, unrecorded_repository, wired
from hotelctl.core.errors import ExitCode, Unavailable, UsageError
from hotelctl.core.progress import Silent
from hotelctl.deploy.steps import deploy_steps
from hotelctl.deploy.targets.process import ProcessTarget
from hotelctl.render.plan import FORMATS, Plan, PlannedStep
from hotelctl.render.terminal import stdout

_SHORT = 16


class Unwritten:
    """A journal's file that keeps nothing: a plan writes nothing."""

    def __init__(self) -> None:
        """Empty."""
        self._records: list[dict[str, Any]] = []

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record, numbered."""
        self._records.append({**record, "seq": len(self._records) + 1})
        return self._records[-1]

    def records(self) -> tuple[dict[str, Any], ...]:
        """What was appended in this process."""
        return tuple(self._records)


def planned(asked: Asked) -> Plan:
    """The plan of a deploy of the commit that is checked out. Nothing is written or started."""
    configuration = configure(asked)
    tree = unrecorded_repository(configuration).work_tree()
    with wired(configuration, None, {}, start_database=False) as wiring:
        state = wiring.layout.state
        target = ProcessTarget(state, configuration.spec, public_url=wiring.public_url)
        lock = HostLock(state, wiring.ports.files, wiring.ports.clock)
        operator = Operator(wiring, target, lock, 0, Silent(), lambda: False, Path())
        operation = operator.preview("deploy", tree, Unwritten())
        steps = tuple(
            PlannedStep(n, step.name, step.title, step.plan())
            for n, step in enumerate(deploy_steps(operation).values(), start=1)
        )
        serving = operation.former()
        plan = _sealed(
            Plan(
                configuration.spec.service.name,
                configuration.environment_name,
                tree.commit,
                serving.id if serving else None,
                _revision(wiring),
                steps,
                _digest(configuration.spec.model_dump(mode="json")),
            )
        )
        return _shown(plan, wiring)


def _shown(plan: Plan, wiring: Wiring) -> Plan:
    """What may be printed: commands without secrets, of each value its key and its place only."""
    steps = tuple(replace(step, lines=tuple(map(wiring.redactor, step.lines))) for step in plan.steps)
    sources = {key: str(source) for key, source in wiring.configuration.sources.items()}
    return replace(plan, steps=steps, sources=sources)


def show(asked: Asked, presentation: Presentation) -> int:
    """0, and the plan is on stdout as `hotelctl plan` prints it.

    Raises:
        UsageError: a form that a plan has not, or files are asked for.

    """
    render = FORMATS.get(presentation.form)
    if render is None or presentation.files:
        raise UsageError(
            "a plan is printed as console or json and written nowhere", "give --format json, no --output"
        )
    render(planned(asked), stdout(no_color=presentation.no_color))
    return ExitCode.READY


def require_plan(asked: Asked, expected: str | None) -> None:
    """Return when no plan was approved, or when it is what would be done now. Raises `UsageError`."""
    if expected is None:
        return
    now = planned(asked)
    if now.hash != expected:
        raise UsageError(
            f"the plan is {now.hash} now, not {expected}", "look at hotelctl plan and approve it anew"
        )


def _revision(wiring: Wiring) -> str | None:
    if wiring.database_url is None:
        return None
    try:
        return wiring.ports.work.current_revision(wiring.database_url)
    except Unavailable as trouble:
        return f"unknown: {trouble.reason}"


def _sealed(plan: Plan) -> Plan:
    """The plan with the hash over everything in it, the configuration's digest included."""
    return replace(plan, hash=_digest(asdict(plan)))


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:_SHORT]
