"""Answers kept in memory, for as long as a test lasts."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from hotelctl.core.kept import Question

Answer = TypeVar("Answer")


class FakeKept:
    """`questions` are all that were put; `asked` those among them that had no answer yet."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.asked: list[Question] = []
        self.hints: dict[str, str] = {}
        self._answers: dict[str, Any] = {}

    def once(self, shape: type[Answer], question: Question, ask: Callable[[], Answer]) -> Answer:
        """What `ask` gave for the same question before, else what it gives."""
        key = repr((shape, question))
        self.questions.append(question)
        if key not in self._answers:
            self.asked.append(question)
            self._answers[key] = ask()
        answer: Answer = self._answers[key]
        return answer

    def since(self, evidence: Iterable[str]) -> datetime | None:  # noqa: ARG002 - the port's signature
        """None: nothing is told of the evidence."""
        return None

    def hint(self, question: Question) -> str:
        """What was left."""
        return self.hints.get(repr(question), "")

    def leave_hint(self, question: Question, words: str) -> None:
        """Left."""
        self.hints[repr(question)] = words
