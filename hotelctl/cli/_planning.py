"""What a deploy would do, told by the same steps that a deploy executes, and the hash that stands for it."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hotelctl.checks.rules import rules
from hotelctl.cli._contract import require_contract
from hotelctl.cli._locking import lock_of
from hotelctl.cli._operating import Operator
from hotelctl.cli._pending import Pending, pending
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._target import target_of
from hotelctl.cli._waiving import require_readable
from hotelctl.cli._wiring import Asked, Wiring, configure, templates, unrecorded_repository, wired
from hotelctl.config.deployable import require_deployable
from hotelctl.config.release_env import database_identity, declared_keys
from hotelctl.core.errors import ExitCode, UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.core.progress import Silent
from hotelctl.core.redact import assignment
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.steps import deploy_steps
from hotelctl.render.plan import FORMATS, Plan, PlannedStep
from hotelctl.render.terminal import stdout
from hotelctl.render.words import below

_SHORT = 16
_NAMED = 3
_TEMPLATE = re.compile(r"\{([a-z_]+)\}")
# What is known only once the deploy runs.
_ID, _PORT = "<id>", "<port>"


def planned(asked: Asked) -> Plan:
    """The plan of a deploy of the commit that is checked out. Nothing is written or started."""
    configuration = configure(asked)
    require_deployable(configuration)
    require_readable(configuration, rules())
    tree = unrecorded_repository(configuration).work_tree()
    require_contract(configuration)
    with wired(configuration, None, {}, start_database=False) as wiring:
        target = target_of(configuration, public_url=wiring.public_url)
        operator = Operator(wiring, target, lock_of(configuration), 0, Silent(), Path())
        operation = operator.preview("deploy", tree)
        steps = tuple(
            PlannedStep(n, step.name, step.title, step.plan())
            for n, step in enumerate(deploy_steps(operation).values(), start=1)
        )
        header, waiting = operation.journal.progress().header, pending(wiring)
        plan = _sealed(
            Plan(
                configuration.spec.service.name,
                configuration.environment_name,
                tree.commit,
                _serving(header),
                waiting.revision,
                steps,
                _settings(wiring),
            )
        )
        return replace(_shown(plan, wiring, waiting), refusals=tuple(_refusals(tree)))


def _refusals(tree: WorkTree) -> Iterator[str]:
    """What step 2 will find in the checkout itself."""
    changed = (*tree.dirty, *tree.hidden)
    if changed:
        names = ", ".join(changed[:_NAMED]) + (", ..." if changed[_NAMED:] else "")
        yield f"not as committed: {names}; hotelctl explain OPS001"


def _shown(plan: Plan, wiring: Wiring, waiting: Pending) -> Plan:
    """What may be printed, with real values in the places of templates, but secrets.

    The hash is made before: it holds on another machine, too.
    """
    values = _values(wiring)
    more = {"migrate": waiting.words, "stage": tuple(_variables(wiring))}
    steps = tuple(
        replace(
            step,
            lines=tuple(
                wiring.redactor(_filled(line, values)) for line in (*step.lines, *more.get(step.name, ()))
            ),
        )
        for step in plan.steps
    )
    sources = {key: str(source) for key, source in wiring.configuration.sources.items()}
    return replace(plan, steps=steps, sources=sources, pending=waiting.files, proven=waiting.proven)


def _settings(wiring: Wiring) -> str:
    """The digest of what is configured and of the database that was given; hotelctl's own needs no name."""
    given = None if wiring.embedded or wiring.database_url is None else database_identity(wiring.database_url)
    return _digest({"spec": wiring.configuration.spec.model_dump(mode="json"), "database": given})


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _TEMPLATE.sub(lambda hit: values.get(hit[1], hit[0]), line)


def _values(wiring: Wiring) -> Mapping[str, str]:
    """What stands for each template, paths relative to the project."""
    project = wiring.configuration.project
    layout = Layout(wiring.layout.state.relative_to(project))
    place = Path(sys.executable)
    return {
        **templates(wiring.configuration, layout),
        "python": str(place.relative_to(project) if place.is_relative_to(project) else place),
        "source": str(layout.source(_ID)),
        "junit": str(layout.deploy(_ID) / "junit.xml"),
        "out": str(layout.release(_ID) / "artifact"),
        "venv": str(layout.venv(_ID)),
        "release": str(layout.release(_ID)),
        "port": _PORT,
    }


def _variables(wiring: Wiring) -> Iterator[str]:
    """Each variable of the release; one that no contract calls harmless shows its length only.

    A path below the project is shown relative to it, as everywhere.
    """
    declared, secret = declared_keys(wiring.configuration)
    database, given = wiring.configuration.spec.database, wiring.configuration.spec.run.env
    for key, value in sorted(wiring.release_env().items()):
        harmless = key in declared | given.keys() and key not in secret
        hidden = not harmless or (database is not None and key == database.url_env)
        shown = value if hidden else below(wiring.configuration.project, value)
        yield f"with {assignment(key, shown, secret=hidden)}"


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


def _serving(header: Mapping[str, Any]) -> str | None:
    """The id of what serves; where nobody can tell, why: a deploy would refuse, a plan only looks."""
    serving, diverged = header["serving"], header.get("diverged")
    if diverged:
        return f"unknown: {diverged}"
    return str(serving["id"]) if serving else None


def _sealed(plan: Plan) -> Plan:
    """The plan with the hash over everything in it, the configuration's digest included."""
    return replace(plan, hash=_digest(asdict(plan)))


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:_SHORT]
