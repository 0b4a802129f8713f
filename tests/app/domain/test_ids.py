import time

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7


def test_carries_version_variant_and_the_time_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_later_ones_sort_after_earlier_ones() -> None:
    first = uuid7()
    time.sleep(0.002)
    assert first < uuid7()


def test_no_two_are_equal() -> None:
    assert len({uuid7() for _ in range(1000)}) == 1000


def test_the_synthetic_hotel_has_a_valid_id() -> None:
    assert SYNTHETIC_HOTEL_ID.version == 7
