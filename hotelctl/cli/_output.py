"""What a command prints with, when the place that it prints to takes no more.

A deploy goes on without its progress, as the journal is its record. A lost answer is told of at the end.
"""

import io
import os
from pathlib import Path
from typing import TextIO


class Output(io.TextIOWrapper):
    """A stream of this process that loses text where Python would stop the command; `refusal` is why."""

    refusal: OSError | None = None
    before: TextIO | None = None  # which would close what both print to, were it let go of

    def write(self, text: str, /) -> int:
        """How many characters were taken, or lost."""
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """What was written is out, or lost."""
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self.refusal = self.refusal or error
        to_nowhere(self)


def opened(stream: TextIO | None) -> TextIO:
    """`stream` as `Output`; one that was closed before this process began leads nowhere."""
    if stream is None:
        return Output(Path(os.devnull).open("wb"), "utf-8")
    if type(stream) is not io.TextIOWrapper:
        return stream
    output = Output(
        stream.buffer,
        stream.encoding,
        "backslashreplace",
        line_buffering=stream.line_buffering,
        # With PYTHONUNBUFFERED the only sign that what is said must be out at once.
        write_through=stream.write_through,
    )
    output.before = stream
    return output


def to_nowhere(stream: TextIO) -> None:
    """The rest of `stream` goes nowhere, so that Python does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def refusal(stream: TextIO) -> OSError | None:
    """Why text of `stream` was lost, None when none was."""
    return getattr(stream, "refusal", None)
