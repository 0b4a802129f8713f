import threading

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.beside import Beside
from tests.fakes.evidence import FakeEvidence

_LIMIT_S = 60


def test_the_work_goes_on_while_the_block_does_and_is_over_after_it() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert go_on.wait(_LIMIT_S)
        return "done"

    with Beside(work, FakeEvidence()) as beside:
        assert begun.wait(_LIMIT_S)
        assert not beside.over
        assert not beside.failed
        go_on.set()
    assert (beside.over, beside.failed, beside.answer()) == (True, False, "done")


def test_what_it_raises_is_raised_where_the_answer_is_taken() -> None:
    def work() -> str:
        raise StepFailed("the token is dead")

    with Beside(work, FakeEvidence()) as beside:
        pass
    assert (beside.over, beside.failed) == (True, True)
    with pytest.raises(StepFailed, match="the token is dead"):
        beside.answer()


def test_its_evidence_counts_in_the_block_around_it() -> None:
    evidence = FakeEvidence()
    with evidence.scope() as ids, Beside(lambda: evidence.record("process", {}), evidence) as beside:
        pass
    assert ids == [beside.answer()]
