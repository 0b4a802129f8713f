"""Without a cache, everything is asked."""

from hotelctl.core.kept import NothingKept, Question


def test_where_nothing_is_kept_the_same_question_is_asked_each_time() -> None:
    kept, question = NothingKept(), Question("tool", (), {})
    asked: list[Question] = []

    def ask() -> int:
        asked.append(question)
        return len(asked)

    assert [kept.once(int, question, ask) for _ in range(2)] == [1, 2]
    assert kept.since(["ev-0001"]) is None
