"""Outside programs that never run: a test says what each would have answered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command, Completed, EvidenceLog
from tests.fakes.evidence import FakeEvidence

Effect = Callable[[Command], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ends; `effect` does what it would have done to the world."""

    exit_code: int | None = 0
    stdout: str = ""
    stderr: str = ""
    timed_out: bool = False
    effect: Effect | None = None
    duration_s: float = 0.01


class FakeProcesses:
    """The newest answer whose words all stand in the command, in order, is used."""

    def __init__(self, evidence: EvidenceLog | None = None) -> None:
        self.evidence = evidence or FakeEvidence()
        self.commands: list[Command] = []
        self._answers: list[tuple[tuple[str, ...], Answer]] = []
        self._absent: set[str] = set()
        self.waiting = 0
        self.ended: list[Command] = []
        self.hasty: set[str] = set()

    def answer(self, words: Sequence[str], answer: Answer | None = None) -> None:
        """Answer commands that hold `words` in this order, others between them allowed."""
        self._answers.insert(0, (tuple(words), answer or Answer()))

    def absent(self, program: str) -> None:
        """From now on `program` is not installed."""
        self._absent.add(program)

    def run(self, command: Command) -> Completed:
        """What was prepared. Raises AssertionError for a command that nobody expected."""
        self.commands.append(command)
        if command.argv[0] in self._absent:
            raise Unavailable(f"{command.argv[0]} is not installed")
        answer = next((a for words, a in self._answers if _holds(command.argv, words)), None)
        assert answer is not None, f"no answer is prepared for {' '.join(command.argv)}"
        if answer.effect is not None:
            answer.effect(command)
        code = None if answer.timed_out else answer.exit_code
        output = None if command.confidential else answer.stdout
        evidence = self.evidence.record("process", {"argv": command.argv, "exit_code": code}, output)
        return Completed(
            command.argv,
            code,
            answer.stdout,
            answer.stderr,
            answer.timed_out,
            answer.duration_s,
            evidence,
        )

    @contextmanager
    def begun(self, command: Command) -> Iterator["FakeBegun"]:
        """A program that is run once it is given its stdin; `waiting` tells how many are not over."""
        if command.argv[0] in self._absent:
            raise Unavailable(f"{command.argv[0]} is not installed")
        self.waiting += 1
        try:
            yield FakeBegun(self, command)
        finally:
            self.waiting -= 1


@dataclass(frozen=True, slots=True)
class FakeBegun:
    """A program that waits for its stdin."""

    processes: FakeProcesses
    command: Command

    def over(self) -> bool:
        """Whether it is one of the `hasty`, which wait for nothing."""
        return self.command.argv[0] in self.processes.hasty

    def end(self, stdin: bytes, timeout_s: float) -> Completed:
        """It was given it and ran."""
        self.processes.ended.append(self.command)
        return self.processes.run(replace(self.command, stdin=stdin, timeout_s=timeout_s))


def _holds(argv: tuple[str, ...], words: tuple[str, ...]) -> bool:
    rest = iter(argv)
    return all(word in rest for word in words)
