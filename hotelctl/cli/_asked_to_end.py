"""Whether somebody asked this command to end: Ctrl-C, a pipeline that was cancelled, a terminal that is gone.

Each raises `KeyboardInterrupt`, so that what was begun is cleared away. Libraries turn it into errors of
their own.
"""

import signal
from types import FrameType

WORDS = "interrupted"

_USUAL = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
_signals: list[int] = []


def remember() -> None:
    """From now on `asked` knows; who ignores such a signal, or handles it otherwise, goes on to do so."""
    for number, usual in _USUAL.items():
        if signal.getsignal(number) is usual:
            signal.signal(number, _take)


def asked() -> bool:
    """True when an interrupt was raised since `remember`, whatever became of it."""
    return bool(_signals)


def exit_code() -> int:
    """What a shell reports for a program that the first such signal ended: 130 for Ctrl-C."""
    return 128 + (_signals[0] if _signals else signal.SIGINT)


def _take(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    signal.default_int_handler(number, frame)
