"""How a container on trial is shown: how it was run, what it ended with, and its last lines."""

from hotelctl.core.finding import CommandOutput
from hotelctl.core.image_trials import Trial
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape

_CLOSED = ("--read-only", "--cap-drop", "ALL")
_MEANT = {126: "not executable", 127: "not found, or it cannot be started", 137: "killed, or out of memory"}
_SIGNALS = 128


def said(image: BuiltImage, trial: Trial, *, closed: bool = False) -> CommandOutput:
    """The end of its log as evidence."""
    argv = ("docker", "run", *(_CLOSED if closed else ()), image.name)
    code = trial.exit_code if trial.exit_code is not None else trial.end_code
    return CommandOutput(argv, code, by_shape(trial.log or "it printed nothing"))


def ended(trial: Trial) -> str:
    """What it ended with by itself, and what that means where that is known."""
    code = trial.exit_code or 0
    meant = _MEANT.get(code) or (f"signal {code - _SIGNALS}" if code > _SIGNALS else "")
    return f"{code} ({meant})" if meant else str(code)
