from hotelctl.app.services.assistant.breaker import FAILURES, PAUSE_S, WINDOW_S, Breaker


class _Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def _failing(times: int, every_s: float, clock: _Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(times):
        breaker.failed()
        clock.now_s += every_s
    return breaker


def test_many_failures_in_a_short_time_open_it_for_a_while() -> None:
    clock = _Clock()
    breaker = _failing(FAILURES, 1.0, clock)
    assert breaker.is_open
    clock.now_s += PAUSE_S
    assert not breaker.is_open


def test_few_failures_and_slow_ones_do_not() -> None:
    assert not _failing(FAILURES - 1, 0.0, _Clock()).is_open
    assert not _failing(FAILURES, WINDOW_S / 2, _Clock()).is_open


def test_a_success_forgets_what_was() -> None:
    clock = _Clock()
    breaker = _failing(FAILURES - 1, 0.0, clock)
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open


def test_the_call_after_the_pause_is_a_trial() -> None:
    clock = _Clock()
    breaker = _failing(FAILURES, 0.0, clock)
    for _ in range(2):
        clock.now_s += PAUSE_S
        assert not breaker.is_open
        breaker.failed()
        assert breaker.is_open
    clock.now_s += PAUSE_S
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open


def test_an_answer_that_was_under_way_does_not_end_the_pause() -> None:
    breaker = _failing(FAILURES, 0.0, _Clock())
    breaker.succeeded()
    assert breaker.is_open
