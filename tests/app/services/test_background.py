import asyncio

import pytest

from hotelctl.app.domain.failures import Conflict
from hotelctl.app.services.background import Background

pytestmark = pytest.mark.anyio


async def test_work_goes_on_without_the_one_who_asked_and_an_end_waits_for_it() -> None:
    background, done = Background(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    async def ask() -> None:
        await asyncio.shield(background.start(work()))

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    asking.cancel()
    assert len(background) == 1
    await background.settle(60)
    assert done.is_set()
    assert len(background) == 0


async def test_an_end_does_not_wait_for_ever() -> None:
    background = Background()
    task = background.start(asyncio.sleep(60))
    await background.settle(0.01)
    assert task.cancelled()


async def test_a_failure_nobody_waits_for_is_logged_unless_it_was_an_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    background = Background()

    async def fail(error: Exception) -> None:
        raise error

    for error in (ValueError("x"), Conflict()):
        background.start(fail(error))
    await asyncio.sleep(0.01)
    assert capsys.readouterr().out.count("work in the background failed") == 1
