import time

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, is_synthetic, synthetic_hotel_id, uuid7


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


def test_synthetic_hotels_have_valid_ids_that_no_other_hotel_has() -> None:
    made = {synthetic_hotel_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(one.version == 7 and is_synthetic(one) for one in (SYNTHETIC_HOTEL_ID, *made))
    assert not is_synthetic(uuid7())
