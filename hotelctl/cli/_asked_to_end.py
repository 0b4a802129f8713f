"""Whether somebody asked this command to end: Ctrl-C, a pipeline that was cancelled, a terminal that is gone.

Each raises `KeyboardInterrupt`, so that what was begun is cleared away. Libraries turn it into errors of
their own.
"""

import os
import signal
import sys
import threading
from types import FrameType

WORDS = "interrupted"

_USUAL = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
_signals: list[int] = []
# Long enough for what swallowed it to be over, too short for anybody to wait for it.
_AGAIN_S = 0.05


def remember() -> None:
    """From now on `asked` knows; who ignores such a signal, or handles it otherwise, goes on to do so."""
    for number, usual in _USUAL.items():
        if signal.getsignal(number) is usual:
            signal.signal(number, _take)
    sys.unraisablehook = _swallowed


def asked() -> bool:
    """True when an interrupt was raised since `remember`, whatever became of it."""
    return bool(_signals)


def exit_code() -> int:
    """What a shell reports for a program that the first such signal ended: 130 for Ctrl-C."""
    return 128 + (_signals[0] if _signals else signal.SIGINT)


def _take(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    signal.default_int_handler(number, frame)


def _swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """An interrupt that came while an object was destroyed, where nothing can be raised, comes once more."""
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    again = threading.Timer(_AGAIN_S, os.kill, (os.getpid(), _signals[-1] if _signals else signal.SIGINT))
    again.daemon = True
    again.start()
