"""What a rollback would do, found by the step that chooses for a real one; nothing is written or moved."""

from pathlib import Path
from typing import Any

from hotelctl.cli._locking import lock_of
from hotelctl.cli._operating import Operator
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files, unrecorded_repository, wired
from hotelctl.core.errors import ExitCode, UsageError
from hotelctl.core.progress import Silent
from hotelctl.deploy.conduct import require_ground
from hotelctl.deploy.history import past_operations
from hotelctl.deploy.hold import require_unfrozen
from hotelctl.deploy.interrupted_restore import require_none
from hotelctl.deploy.release import Release
from hotelctl.deploy.steps.choose import ChooseStep
from hotelctl.render import facts
from hotelctl.render.facts import Rows
from hotelctl.render.terminal import stdout


def way_back(asked: Asked, to: str | None) -> Rows:
    """Where `to`, or nothing, leads, and how it is known that it may be gone there.

    Raises:
        StepFailed: a rollback would stop before anything changed, for this reason.
        Frozen: it would not begin.
        UsageError: `to` names nothing that is kept, or a restore is half done.

    """
    configuration = configure(asked)
    layout, files = layout_of(configuration), unrecorded_files(configuration)
    require_unfrozen(layout, files)
    require_none(layout, files)
    tree = unrecorded_repository(configuration).work_tree()
    with wired(configuration, None, {}, start_database=False) as wiring:
        target = target_of(configuration, public_url=wiring.public_url)
        operator = Operator(wiring, target, lock_of(configuration), 0, Silent(), Path())
        require_ground(operator.traffic(), "rollback", to)
        step = ChooseStep(operator.preview("rollback", tree, {"to": to}))
        step.require_named()
        chosen = step.apply()
        there = Release.from_json(chosen["release"])
        warm = target.process(there) is not None
    unfinished = [past for past in past_operations(layout, files) if past.progress.outcome is None]
    found: dict[str, Any] = {
        "go": chosen["summary"],
        "stage": "it runs, traffic moves at once" if warm else "it is stopped and started first",
        "database": f"stays as it is, at {chosen['revision'] or 'no revision'}",
        "before": ", ".join(f"{past.operation} {past.id} is open and settled first" for past in unfinished),
    }
    shown = [{"what": what, "value": value} for what, value in found.items() if value]
    return Rows(shown, {**found, "release": chosen["release"], "schema": chosen["schema"], "warm": warm})


def show(asked: Asked, presentation: Presentation, to: str | None) -> int:
    """0, and the way back is on stdout. Raises `UsageError` for a form that it has not, or files."""
    render = facts.FORMATS.get(presentation.form)
    if render is None or presentation.files:
        raise UsageError(
            "what a rollback would do is printed as console or json and written nowhere",
            "give --format json, no --output",
        )
    render(way_back(asked, to), stdout(no_color=presentation.no_color))
    return ExitCode.READY
