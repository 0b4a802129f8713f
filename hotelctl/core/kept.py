"""Answers of outside programs that the next command may use again: what one depends on, and what keeps them.

Only what follows from bytes alone is asked through this: the same program with the same words over the same
inputs answers the same. What depends on the time, the network, a database or something that runs never is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

Answer = TypeVar("Answer")

ITSELF = "hotelctl"
"""The program of questions that hotelctl answers by itself, with all that is installed beside it."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that an answer follows from.

    `words` name no place of this command alone; `inputs` are the bytes that the program reads, by any name.
    """

    program: str
    words: tuple[str, ...]
    inputs: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Again(Generic[Answer]):
    """An earlier answer, and the ids under which its evidence was recorded again, marked as kept."""

    answer: Answer
    evidence: tuple[str, ...]


class KeptAnswers(Protocol):
    """What was answered before, with the evidence of it."""

    def once(self, shape: type[Answer], question: Question, ask: Callable[[], Answer]) -> Answer:
        """What `ask` gives, of type `shape`, or what it gave to an earlier command for the same question.

        The evidence of a kept answer is recorded again, marked as kept. What `ask` raises is never kept.
        """
        ...

    def since(self, evidence: Iterable[str]) -> datetime | None:
        """When the oldest kept record among these was measured; None for none that was kept."""
        ...

    def hint(self, question: Question) -> str:
        """What `leave_hint` was given last, by whatever command; empty where there is nothing.

        It says where an older answer is to be found, and is none: whoever reads it believes it nothing.
        """
        ...

    def leave_hint(self, question: Question, words: str) -> None:
        """The next command finds `words`, if they can be kept."""
        ...


class KeptResults(Protocol):
    """What was found out before, with the evidence of it."""

    def again(self, shape: type[Answer], question: Question, not_before: datetime) -> Again[Answer] | None:
        """What was kept of the question, unless what it stands on was had before then, or after now."""
        ...

    def keep(self, shape: type[Answer], question: Question, answer: Answer, evidence: Iterable[str]) -> None:
        """The next command finds `answer`, which stands on `evidence`, if it can be kept."""
        ...


class Kept(KeptAnswers, KeptResults, Protocol):
    """Both."""


class NothingKept:
    """Every question is asked."""

    def once(self, shape: type[Answer], question: Question, ask: Callable[[], Answer]) -> Answer:  # noqa: ARG002 - the port's signature
        """What `ask` gives now."""
        return ask()

    def again(self, shape: type[Answer], question: Question, not_before: datetime) -> Again[Answer] | None:  # noqa: ARG002 - the port's signature
        """None: nothing was kept."""
        return None

    def keep(self, shape: type[Answer], question: Question, answer: Answer, evidence: Iterable[str]) -> None:
        """Nothing is kept."""

    def since(self, evidence: Iterable[str]) -> datetime | None:  # noqa: ARG002 - the port's signature
        """None: everything was measured now."""
        return None

    def hint(self, question: Question) -> str:  # noqa: ARG002 - the port's signature
        """Nothing was left."""
        return ""

    def leave_hint(self, question: Question, words: str) -> None:
        """Nothing is left."""
