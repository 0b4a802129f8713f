"""What chores share: an answer, a refusal."""

EXIT_FAILED = 1
Answer = dict[str, object]


class ChoreError(Exception):
    """A chore that cannot be done; the message is for the person who asked for it."""


class FailedAnswer(Exception):
    """An answer that is printed like any other and means that something is not in order."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("not in order")
        self.answer = answer
