from datetime import UTC

from hotelctl.adapters.clock import SystemClock


def test_time_is_aware_utc_and_passes() -> None:
    clock = SystemClock()
    before, first = clock.now(), clock.monotonic()
    clock.sleep(0.01)
    assert before.tzinfo is UTC
    assert clock.now() > before
    assert clock.monotonic() - first >= 0.01
