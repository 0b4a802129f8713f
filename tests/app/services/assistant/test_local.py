import pytest

from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.assistant.local import LocalProvider
from hotelctl.app.services.assistant.provider import Cited, Delta, Prompt

pytestmark = pytest.mark.anyio


async def test_the_answer_is_the_first_entry_word_for_word_with_its_source() -> None:
    hits = tuple(Hit(uuid7(), name, f"{name} opens at 7.", "english", 0.9, 0.9) for name in ("Pool", "Bar"))
    prompt = Prompt("when does the pool open", "en", hits)
    events = [event async for event in LocalProvider().complete(prompt, timeout_s=1)]
    assert events == [Cited(hits[0]), Delta("Pool opens at 7.")]


async def test_without_an_entry_nothing_is_said() -> None:
    assert [event async for event in LocalProvider().complete(Prompt("x", "en", ()), timeout_s=1)] == []
