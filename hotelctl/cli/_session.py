"""Holding an environment while operations run in it, each with its own evidence and report."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.disk import make_directories
from hotelctl.adapters.leftovers import clear_unfinished
from hotelctl.adapters.user import user_name
from hotelctl.adapters.workspace import sweep_workspaces
from hotelctl.cli._database import stop_embedded
from hotelctl.cli._locking import lock_of
from hotelctl.cli._operating import Operator
from hotelctl.cli._places import REPORTS, STATE
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._rehearsal_copy import home_of, sweep
from hotelctl.cli._reporting import operation_report
from hotelctl.cli._secrets import keep_out_of_git
from hotelctl.cli._shelf import Shelf
from hotelctl.cli._signals import StopRequest, stop_request
from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import (
    Asked,
    configure,
    layout_of,
    unrecorded_files,
    unrecorded_repository,
    wired,
)
from hotelctl.config.load import Configuration
from hotelctl.core.errors import ExitCode, Frozen, HotelctlError, Interrupted, Locked
from hotelctl.core.holder import Lock
from hotelctl.core.ports import WorkTree
from hotelctl.deploy.conduct import Conduct, left_open, needs_database, require_ground
from hotelctl.deploy.fenced import FencedTarget
from hotelctl.deploy.history import Past, past_operations, told_operations
from hotelctl.deploy.hold import require_unfrozen
from hotelctl.deploy.interrupted_restore import require_none
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.naming import later_than
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.traffic import look
from hotelctl.render.document import Document
from hotelctl.render.progress import progress
from hotelctl.render.terminal import stderr, tell, text

_EXITS = {
    Outcome.SUCCEEDED: ExitCode.READY,
    Outcome.STOPPED: ExitCode.STOPPED,
    Outcome.ROLLED_BACK: ExitCode.ROLLED_BACK,
    Outcome.FROZEN: ExitCode.FROZEN,
}

_JOURNALLED = frozenset({"deploy", "rollback", "resume", "abort"})


@dataclass(frozen=True, slots=True)
class Session:
    """The environment is held with `fence` until the session ends."""

    configuration: Configuration
    presentation: Presentation
    tree: WorkTree
    lock: Lock
    fence: int
    stop: StopRequest
    shelf: Shelf
    workspace: Path
    waiting: list[Document] = field(default_factory=list)

    def name(self) -> str:
        """The name of an operation that begins now; it sorts after all others, whatever the clock says."""
        names = (path.name for path in (layout_of(self.configuration).state / "deploys").glob("*"))
        return later_than(names, SystemClock().now(), self.tree.commit)

    def open(self) -> Past | None:
        """The operation that an earlier command left unfinished, be it that only its report is missing."""
        return left_open(self._pasts(), self.shelf.tells_end)

    def require_unfrozen(self) -> None:
        """Return when nothing is frozen. Raises `Frozen`."""
        require_unfrozen(layout_of(self.configuration), unrecorded_files(self.configuration))

    def require_restored(self) -> None:
        """Return when no restore is half done. Raises `UsageError`."""
        require_none(layout_of(self.configuration), unrecorded_files(self.configuration))

    def require_ground(self, kind: str, to: str | None = None) -> None:
        """Return when an operation may begin or go on. Raises `Diverged`; nothing was begun."""
        require_ground(look(target_of(self.configuration), self._pasts()), kind, to)

    def _pasts(self) -> tuple[Past, ...]:
        return past_operations(layout_of(self.configuration), unrecorded_files(self.configuration))

    @contextmanager
    def operator(
        self, name: str, *, start_database: bool = True, reported: bool = True
    ) -> Iterator[Operator]:
        """What runs the operation called `name`, with evidence in its report, which `reported` prints."""
        tree = {"commit": self.tree.commit, "dirty": bool(self.tree.dirty)}
        shown = self.presentation
        try:
            with (
                _report_place(self.shelf, layout_of(self.configuration), name) as place,
                wired(
                    self.configuration,
                    place,
                    tree,
                    start_database=start_database,
                    temporary=self.workspace,
                ) as wiring,
                progress(
                    wiring.redactor, quiet=shown.quiet, no_color=shown.no_color, told_again=reported
                ) as observer,
            ):
                for warning in passed_over(self.configuration) if reported else ():
                    observer.said(warning)
                target = target_of(self.configuration, public_url=wiring.public_url, tell=observer.said)
                wiring.ports.databases.only_while(self.lock.require)
                yield Operator(
                    wiring, FencedTarget(target, self.lock), self.lock, self.fence, observer, self.workspace
                )
        finally:
            # Not before what lives on the terminal is gone: it would be drawn into the report.
            while self.waiting:
                made = self.waiting.pop(0)
                shown.show(made, self.shelf.root / made.id)

    def conduct(self) -> Conduct:
        """The rules by which operations are driven, for whoever gave this command."""
        return Conduct(user_name(), self.stop)

    def finish(
        self, operator: Operator, operation: Operation, steps: Sequence[str], *, shown: bool = True
    ) -> None:
        """The report is kept, and with `shown` printed as soon as the operator is gone.

        Before that, what killed commands left of scratch databases is swept away: the work itself came first,
        and the report is of all that was done.
        """
        # Whoever lost the lock to another command changes nothing: that one sweeps.
        with suppress(HotelctlError):
            operator.wiring.ports.scratch.sweep()
        made = operation_report(operator.wiring, operation.id, self.tree, steps, self.shelf)
        if shown:
            self.waiting.append(made)


def passed_over(configuration: Configuration) -> Iterator[str]:
    """A warning for each damaged journal that nothing depends on any more."""
    for one in told_operations(layout_of(configuration), unrecorded_files(configuration)).damaged:
        yield f"warning: {one.why}; it is passed over, since a later switch tells what serves"


@contextmanager
def _report_place(shelf: Shelf, layout: Layout, name: str) -> Iterator[Path]:
    """The directory of the operation's report; gone again when the operation never began."""
    place, journal = shelf.begin(name), layout.journal(name)
    try:
        yield place
    finally:
        if not journal.exists() or not journal.stat().st_size:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def session(
    asked: Asked,
    presentation: Presentation,
    kind: str,
    require: Callable[[Configuration], None] = lambda _: None,
) -> Iterator[Session]:
    """The environment, held. Raises `Locked`, `UsageError` without a repository or commit.

    For another operation it is waited as long as was asked for. What is checked out afterwards is what
    counts, its service file too: `require` says again whether that is one to work with.
    """
    configuration = configure(asked)
    require(configuration)
    tree = unrecorded_repository(configuration).work_tree()
    keep_out_of_git(configuration.project / STATE, unrecorded_files(configuration))
    lock = lock_of(configuration, _telling(presentation))
    fence = lock.acquire(kind, "", wait_s=asked.wait_s, waiting=_waiting(presentation, asked.wait_s))
    try:
        if asked.wait_s:
            configuration = configure(asked)
            require(configuration)
            tree = unrecorded_repository(configuration).work_tree()
        for place in layout_of(configuration).written():
            clear_unfinished(place)
        sweep_workspaces()
        sweep(home_of(configuration.project))
        with stop_request() as stop, _workspace(layout_of(configuration).workspace(), lock) as workspace:
            shelf = Shelf(configuration.project / REPORTS)
            try:
                yield Session(configuration, presentation, tree, lock, fence, stop, shelf, workspace)
            finally:
                _stop_idle_database(configuration)
                if kind in _JOURNALLED:
                    _written_down(configuration, lock, presentation)
    finally:
        lock.release()


def _written_down(configuration: Configuration, lock: Lock, presentation: Presentation) -> None:
    """The shared history has what was done, unless somebody else holds the environment already."""
    from hotelctl.cli._chronicle import write_down

    with suppress(Locked, Interrupted):
        lock.require()
        write_down(configuration, _telling(presentation))


def _waiting(presentation: Presentation, wait_s: float) -> Callable[[str], None]:
    """Tells on stderr whom it waits for."""
    telling = _telling(presentation)

    def told(who: str) -> None:
        if not presentation.quiet:
            telling(f"waiting up to {wait_s:g} s for {who}")

    return told


def _telling(presentation: Presentation) -> Callable[[str], None]:
    """Tells a line on stderr."""
    return lambda line: tell(stderr(no_color=presentation.no_color), text(line))


def _stop_idle_database(configuration: Configuration) -> None:
    """The embedded server runs only while a release needs it, or an operation that is not over."""
    layout, files = layout_of(configuration), unrecorded_files(configuration)
    with suppress(Frozen):  # whoever raised that before said so; here it means: leave it alone
        if not needs_database(layout, files, target_of(configuration)):
            stop_embedded(layout)


@contextmanager
def _workspace(place: Path, lock: Lock) -> Iterator[Path]:
    """An empty directory that is gone afterwards; a killed command's is gone when the next one begins.

    It is left alone where somebody took over meanwhile: it is theirs then.
    """
    shutil.rmtree(place, ignore_errors=True)
    make_directories(place, 0o700)
    try:
        yield place
    finally:
        with suppress(Locked, Interrupted):
            lock.require()
            shutil.rmtree(place, ignore_errors=True)


def exit_code(outcome: Outcome) -> int:
    """What the process answers for `outcome`."""
    return _EXITS[outcome]
