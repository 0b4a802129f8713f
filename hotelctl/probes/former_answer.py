"""An answer that an earlier command had, which a new one goes on from."""

from contextlib import suppress
from typing import NoReturn, TypeVar

from hotelctl.core.kept import Question
from hotelctl.probes.context import Context

Answer = TypeVar("Answer")

MOST_IN_A_ROW = 30
"""Each answer holds the evidence of those that it goes on from."""


class _NotKeptError(Exception):
    """There is no such answer any more."""


def former(shape: type[Answer], question: Question, context: Context) -> Answer | None:
    """The answer to that question; None where nobody knows any more. Its evidence is recorded again."""
    with suppress(_NotKeptError):
        return context.kept.once(shape, question, _not_kept)
    return None


def _not_kept() -> NoReturn:
    raise _NotKeptError
