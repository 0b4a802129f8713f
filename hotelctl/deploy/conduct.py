"""How an operation is gone on with, taken back or held: the rules of run, resume, abort and settle."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Files
from hotelctl.deploy.databases import is_another_database
from hotelctl.deploy.engine import drive
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.hold import freeze, frozen
from hotelctl.deploy.journal import Kind, Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.steps import plan_of, steps_of
from hotelctl.deploy.target import Target
from hotelctl.deploy.traffic import Traffic, look

_SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Conduct:
    """`by` gave the command; `stop_requested` is asked between two moves."""

    by: str
    stop_requested: Callable[[], bool]

    def run(self, operation: Operation) -> Outcome:
        """Drive it to its outcome; a frozen one holds the environment until a person resolves it.

        Raises:
            Interrupted: on request, between two moves.

        """
        kind = str(operation.journal.progress().header["operation"])
        steps = steps_of(kind, operation)
        finish = drive(
            plan_of(kind, steps),
            operation.journal,
            steps,
            operation.world.evidence,
            operation.observer,
            self.stop_requested,
        )
        if finish.outcome is Outcome.FROZEN:
            freeze(operation)
        return finish.outcome

    def resume(self, operation: Operation) -> Outcome:
        """Go on.

        Raises:
            UsageError: the service file changed and something is left to do before the switch.

        """
        progress = operation.journal.progress()
        known = progress.header.get("settings")
        if _SWITCH not in progress.done and known not in (None, settings_mark(operation.configuration)):
            back = "" if progress.only_forward else ", or hotelctl abort"
            raise UsageError(
                f"the service file is not the one that {operation.id} began with",
                f"check out {str(progress.header['commit'])[:12]} to go on{back}",
            )
        return self.run(operation)

    def abort(self, operation: Operation) -> Outcome:
        """Take it back. Raises `UsageError` when it can only go on."""
        progress = operation.journal.progress()
        if progress.only_forward:
            raise UsageError(
                f"{operation.id} has switched traffic, so it can only go on",
                progress.ways_on,
            )
        if not progress.aborted and progress.outcome is None:
            operation.journal.append("", Kind.ABORT, {"by": self.by})
        return self.run(operation)

    def settle(self, operation: Operation) -> Outcome:
        """End an unfinished operation: forward where it can only go on, back before."""
        forward = operation.journal.progress().only_forward
        return self.run(operation) if forward else self.abort(operation)


def settings_mark(configuration: Configuration) -> str:
    """A digest of the service file and the environment as they are now.

    Of what differs from its default only: another hotelctl that knows more keys gives the same.
    """
    told = (configuration.spec, configuration.environment)
    parts = [one.model_dump_json(exclude_defaults=True) for one in told]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def require_database(past: Past, now: Mapping[str, str | None]) -> None:
    """Return when `now`, its `database_marks`, is the database of `past`. Raises `UsageError`."""
    if is_another_database(past.progress.header, now):
        raise UsageError(
            f"{past.id} began with another database than the one that the variables name now",
            "give it the same database URL as then",
        )


def require_ground(traffic: Traffic, kind: str, to: str | None) -> None:
    """Return when an operation may begin: with known traffic, or as a rollback that says where to.

    Raises:
        Diverged: nobody can tell what has the traffic; nothing was begun.

    """
    if kind != "rollback" or to is None:
        traffic.known()


def left_open(pasts: Sequence[Past], reported: Callable[[str], bool]) -> Past | None:
    """The operation that an earlier command left unfinished, be it that only its report is missing."""
    unfinished = [past for past in pasts if past.progress.outcome is None]
    return next((past for past in (*unfinished[-1:], *pasts[-1:]) if not _ended(past, reported)), None)


def _ended(past: Past, reported: Callable[[str], bool]) -> bool:
    return past.progress.outcome is not None and reported(past.id)


def needs_database(layout: Layout, files: Files, target: Target) -> bool:
    """Whether a release needs the embedded server, or an operation that is not over, or a person who looks.

    Raises:
        Frozen: a journal is damaged.

    """
    if frozen(layout, files) is not None:
        return True
    pasts = past_operations(layout, files)
    traffic = look(target, pasts)
    unfinished = any(past.progress.outcome is None for past in pasts)
    return unfinished or traffic.diverged is not None or traffic.release is not None
