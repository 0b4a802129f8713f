import threading
from functools import partial

import pytest

from hotelctl.adapters.abreast import Threads
from tests.fakes.evidence import FakeEvidence


def test_jobs_run_at_once_and_their_results_keep_the_order() -> None:
    together = threading.Barrier(3, timeout=60)

    def met(number: int) -> int:
        together.wait()
        return number

    assert Threads(FakeEvidence()).each([partial(met, n) for n in range(3)]) == (0, 1, 2)
    assert Threads(FakeEvidence()).each([]) == ()


def test_what_the_jobs_record_counts_as_the_caller_s() -> None:
    evidence = FakeEvidence()
    with evidence.scope() as ids:
        Threads(evidence).each([partial(evidence.record, "test", {"n": n}) for n in range(3)])
    assert sorted(ids) == ["ev-0001", "ev-0002", "ev-0003"]


def test_what_a_job_raises_is_raised_when_all_have_ended() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 0:
            raise ValueError("of a job")
        done.append(number)

    with pytest.raises(ValueError, match="of a job"):
        Threads(FakeEvidence()).each([partial(work, n) for n in range(2)])
    assert done == [1]
