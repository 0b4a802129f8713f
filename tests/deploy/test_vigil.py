import threading
from collections.abc import Callable

import pytest

from hotelctl.core.errors import Diverged, StepFailed, Unavailable
from hotelctl.deploy.vigil import Look, Vigil
from hotelctl.deploy.watch import Watched
from tests.fakes.evidence import FakeEvidence

_GOOD = Watched("good", 60, 0, 5.0)
_LIMIT_S = 60


def _crash(_: Callable[[bool], bool]) -> Watched:
    raise StepFailed("the new release crashed")


def _nothing(_: StepFailed) -> None:
    pass


def _no_turn(verdict: StepFailed) -> None:
    pytest.fail(f"turned back: {verdict.message}")


def test_a_good_verdict_is_there_once_the_block_is_over() -> None:
    with Vigil(lambda _: _GOOD, _no_turn, FakeEvidence()) as vigil:
        pass
    assert vigil.watched is _GOOD


def _waits(may_end: Callable[[bool], bool], *, window_over: bool) -> Watched:
    ever = threading.Event()
    for _ in range(_LIMIT_S * 100):
        if may_end(window_over):
            return _GOOD
        ever.wait(0.01)
    pytest.fail("nobody said that it may end")


def test_it_looks_on_as_long_as_the_block_asks_though_the_window_is_over() -> None:
    ended = threading.Event()

    def look(may_end: Callable[[bool], bool]) -> Watched:
        try:
            return _waits(may_end, window_over=True)
        finally:
            ended.set()

    with Vigil(look, _no_turn, FakeEvidence()) as vigil:
        assert not ended.wait(0.05)
    assert vigil.watched is _GOOD


def test_a_window_that_is_longer_than_the_block_is_waited_for() -> None:
    window_over = threading.Event()

    def look(may_end: Callable[[bool], bool]) -> Watched:
        assert not may_end(window_over.is_set())
        window_over.set()
        return _waits(may_end, window_over=True)

    with Vigil(look, _no_turn, FakeEvidence()) as vigil:
        assert window_over.wait(_LIMIT_S)
    assert vigil.watched is _GOOD


def _kept(look: Look, turn_back: Callable[[StepFailed], None], block: Callable[[], None]) -> None:
    with Vigil(look, turn_back, FakeEvidence()):
        block()


def _after(turned: threading.Event, error: BaseException) -> Callable[[], None]:
    """A block that fails once traffic was turned back."""

    def block() -> None:
        assert turned.wait(_LIMIT_S)
        raise error

    return block


def test_a_bad_verdict_turns_back_while_the_block_still_asks() -> None:
    turned, was_turned = threading.Event(), []
    with pytest.raises(StepFailed, match="crashed"):
        _kept(_crash, lambda _: turned.set(), lambda: was_turned.append(turned.wait(_LIMIT_S)))
    assert was_turned == [True]


@pytest.mark.parametrize(
    "error", [StepFailed("probe P1 got no answer"), Unavailable("no answer"), Diverged("?")]
)
def test_the_watch_tells_why_and_not_what_followed_from_it(error: Exception) -> None:
    turned = threading.Event()
    with pytest.raises(StepFailed, match="crashed"):
        _kept(_crash, lambda _: turned.set(), _after(turned, error))


def _refused() -> None:
    raise StepFailed("probe P1 got no answer")


def test_nobody_waits_for_the_window_when_the_block_failed() -> None:
    with pytest.raises(StepFailed, match="P1 got no answer"):
        _kept(lambda may_end: _waits(may_end, window_over=False), _no_turn, _refused)


def test_an_interrupt_is_no_verdict() -> None:
    turned = threading.Event()
    with pytest.raises(KeyboardInterrupt):
        _kept(_crash, lambda _: turned.set(), _after(turned, KeyboardInterrupt()))


def _diverged(_: StepFailed) -> None:
    raise Diverged("somebody switched meanwhile")


def test_a_bad_verdict_is_told_also_when_traffic_cannot_be_turned() -> None:
    with pytest.raises(StepFailed, match="crashed"):
        _kept(_crash, _diverged, lambda: None)


def test_what_the_watch_recorded_counts_where_the_block_stands() -> None:
    evidence = FakeEvidence()

    def look(_: Callable[[bool], bool]) -> Watched:
        evidence.record("http", {"url": "/readyz"})
        return _GOOD

    with evidence.scope() as ids, Vigil(look, _nothing, evidence):
        pass
    assert ids == ["ev-0001"]


def _bug(_: Callable[[bool], bool]) -> Watched:
    raise ZeroDivisionError


def test_a_fault_of_our_own_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        _kept(_bug, _no_turn, lambda: None)


def test_a_fault_of_our_own_hides_no_refusal() -> None:
    with pytest.raises(StepFailed, match="P1 got no answer"):
        _kept(_bug, _no_turn, _refused)
