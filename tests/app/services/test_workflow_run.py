import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hotelctl.app.domain.failures import Conflict
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.workflow_run import WorkflowRun


def _run() -> WorkflowRun:
    return WorkflowRun("message", uuid7())


def test_a_step_fails_with_the_code_of_what_leaves_it() -> None:
    run = _run()
    with pytest.raises(Conflict), run.step("one"):
        raise Conflict
    with pytest.raises(RuntimeError), run.step("two"):
        raise RuntimeError("a private text")
    with run.step("three"):
        pass
    assert [(step["id"], step["name"], step["status"], step["error"]) for step in run._steps] == [
        (1, "one", "failed", "conflict"),
        (2, "two", "failed", "internal"),
        (3, "three", "success", None),
    ]


async def _nap(run: WorkflowRun) -> None:
    with run.step("nap"):
        await asyncio.sleep(0.01)


def test_a_step_tells_how_long_it_took() -> None:
    run = _run()
    asyncio.run(_nap(run))
    assert 9 <= run._steps[0]["ms"] < 5_000


@pytest.mark.parametrize(("error", "outcome"), [(None, "success"), ("timeout", "partial")])
def test_a_step_that_failed_on_the_way_makes_it_partial(error: str | None, outcome: str) -> None:
    run = _run()
    for wrong in (None, error, None):
        with run.step("answer") as step:
            step.error = wrong
    assert run.outcome == outcome


def test_it_does_not_begin_before_its_cause_and_does_not_end_before_its_beginning() -> None:
    cause = datetime.now(UTC) + timedelta(seconds=4)
    run = WorkflowRun("ticket_sla", uuid7(), not_before=cause)
    assert run.began_at == cause
    assert run._now() >= cause
