"""Whether Ctrl-C was pressed: libraries turn the interrupt that it raises into errors of their own."""

import signal
from types import FrameType

EXIT_CODE = 130
WORDS = "interrupted"

_times: list[int] = []


def remember() -> None:
    """From now on `pressed` knows; who ignores Ctrl-C, or handles it otherwise, goes on to do so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _take)


def pressed() -> bool:
    """True when an interrupt was raised since `remember`, whatever became of it."""
    return bool(_times)


def _take(number: int, frame: FrameType | None) -> None:
    _times.append(number)
    signal.default_int_handler(number, frame)
