import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

import pytest

from hotelctl.deploy.comparison import Comparison, told
from hotelctl.facts.answer_tally import NOTHING, Tally
from hotelctl.facts.edge_log import Answer

_EVERY_S = 0.2
_KNOWN, _RATES = (0, 30, 300, 3000), (5, 50, 200)


def answers(
    n: int,
    errors: Iterable[int] = (),
    *,
    seconds: float = 0.02,
    asked: str = "GET /",
    synthetic: bool = False,
) -> list[Answer]:
    """So many; those with the numbers `errors` failed."""
    bad = set(errors)
    return [Answer(0, 500 if k in bad else 200, seconds, asked, synthetic) for k in range(n)]


def compared(before: Sequence[Answer] = (), window_s: float = 30) -> Comparison:
    return Comparison(before, 0.05, window_s, 0.0)


def _ends(one: Comparison, rate: int, seconds: float, come: Iterator[Answer]) -> tuple[str, float]:
    """Why it was bad, and after how long; with so many answers a second."""
    steps, each = int(seconds / _EVERY_S), int(rate * _EVERY_S)
    for step in range(1, steps + 1):
        why = one.add([*islice(come, each)], step * _EVERY_S)
        if why:
            return why, step * _EVERY_S
    return one.over(), seconds


def _by_chance(share: float, seed: int, seconds: float = 0.02) -> Iterator[Answer]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    while True:
        took = seconds * chance.uniform(0.5, 2)
        yield Answer(0, 500 if chance.random() < share else 200, took, "GET /")


@pytest.mark.parametrize("rate", [10, 50, 500])
def test_one_in_five_that_fails_is_told_within_15_seconds(rate: int) -> None:
    good = [*islice(_by_chance(0.0, 1), rate * 60)]
    for seed in range(20):
        why, after_s = _ends(compared(good), rate, 60, _by_chance(0.2, seed))
        assert "requests failed" in why
        assert after_s <= 15


@pytest.mark.parametrize("tenth", range(10))
def test_two_percent_before_and_after_is_never_told_as_bad(tenth: int) -> None:
    for seed in range(tenth * 10, tenth * 10 + 10):
        # Drawn once for all of them: to draw takes longer than to judge.
        come = [*islice(_by_chance(0.02, seed), max(_KNOWN) + max(_RATES) * 30)]
        for known, rate in product(_KNOWN, _RATES):
            end = _ends(compared(come[:known]), rate, 30, iter(come[known:]))
            assert end == ("", 30), (seed, known, rate)


def test_two_percent_more_is_told_when_it_lasts() -> None:
    one = compared(answers(5000, range(0, 5000, 50)))
    assert one.add(answers(1000, range(40)), 5.0) == ""
    assert one.add(answers(1000, range(40)), 9.9) == ""
    assert one.add([], 10.0) == "40 of 1,000 requests failed (4.0%, 2.0% of 5,000 before)"


def test_a_single_bad_part_is_none() -> None:
    one = compared(answers(5000))
    assert one.add(answers(1000, range(20)), 5.0) == ""
    assert one.add(answers(1000), 10.0) == ""
    assert one.add(answers(1000), 15.0) == ""
    assert one.add(answers(1000, range(20)), 20.0) == ""


def test_a_little_more_in_every_part_is_told_at_the_end() -> None:
    one = compared(answers(20_000), window_s=15)
    for end in (5.0, 10.0, 15.0):
        assert one.add(answers(200, range(2)), end) == ""
    assert one.add(answers(200, range(6)), 15.0) == ""
    assert one.over() == "12 of 800 requests failed (1.5%, 0.0% of 20,000 before)"


def test_four_times_slower_is_told_after_two_parts() -> None:
    one = compared(answers(500, seconds=0.05))
    assert one.add(answers(50, seconds=0.2), 5.0) == ""
    assert one.add(answers(50, seconds=0.2), 10.0) == (
        "p95 of GET / is 200 ms of 50 requests, 50 ms of 500 before"
    )


@pytest.mark.parametrize(("before_s", "now_s"), [(0.01, 0.1), (1.0, 1.4), (0.2, 0.3)])
def test_slower_by_little_or_by_a_small_part_is_not(before_s: float, now_s: float) -> None:
    one = compared(answers(500, seconds=before_s))
    for part in range(1, 5):
        assert one.add(answers(100, seconds=now_s), part * 5.0) == ""


def test_what_nobody_asked_before_is_no_slower_than_before() -> None:
    one = compared([*answers(500, seconds=0.05), *answers(10, asked="POST /log-in", seconds=2.0)])
    for part in range(1, 5):
        slow = answers(60, asked="POST /log-in", seconds=2.0)
        assert one.add([*answers(40, seconds=0.05), *slow], part * 5.0) == ""


@pytest.mark.parametrize(
    ("control_s", "seconds", "slow"),
    [(0.01, 0.2, True), (0.018, 0.19, False), (0.018, 0.24, True), (0.02, 0.19, False), (0.2, 0.4, True)],
)
def test_a_machine_that_is_busier_excuses_half_as_much_again_at_most(
    control_s: float,
    seconds: float,
    slow: bool,  # noqa: FBT001 - a row
) -> None:
    one = Comparison(answers(500, seconds=0.065), 0.05, 30, 0.0, control_s=0.01)
    found = []
    for part in range(1, 4):
        for _ in range(5):
            one.control(control_s)
        found.append(bool(one.add(answers(50, seconds=seconds), part * 5.0)))
    assert found == [False, slow, slow]


def test_a_few_controls_excuse_nothing() -> None:
    one = Comparison(answers(500, seconds=0.05), 0.05, 30, 0.0, control_s=0.01)
    for part in range(1, 3):
        one.control(0.1)
        why = one.add(answers(50, seconds=0.16), part * 5.0)
        assert bool(why) is (part == 2)


def test_one_question_among_many_that_is_slower_is_told_unless_it_is_rare() -> None:
    before = [*answers(500, seconds=0.05), *answers(500, asked="POST /pay", seconds=0.05)]
    often, rare = compared(before), compared(before)
    found: list[str] = []
    for part in range(1, 3):
        slow = answers(30, asked="POST /pay", seconds=0.4)
        assert rare.add([*answers(600, seconds=0.05), *slow], part * 5.0) == ""
        found.append(often.add([*answers(500, seconds=0.05), *slow], part * 5.0))
    assert found == ["", "p95 of POST /pay is 400 ms of 30 requests, 50 ms of 500 before"]


def _spread(seed: int, questions: int, times: float = 1.0) -> Iterator[Answer]:
    """As services answer: half a second at the middle, and now and then five times as long."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    while True:
        took = times * chance.lognormvariate(-0.7, 1.0)
        yield Answer(0, 200, took, f"GET /{chance.randrange(questions)}")


@pytest.mark.parametrize(("rate", "questions"), [(5, 1), (10, 2), (30, 4), (60, 12)])
def test_chance_alone_makes_no_release_slow(rate: int, questions: int) -> None:
    bad = 0
    for seed in range(60):
        come = _spread(seed, questions)
        bad += bool(_ends(compared([*islice(come, rate * 60)]), rate, 30, come)[0])
    assert bad == 0


@pytest.mark.parametrize("questions", [1, 5, 30])
def test_three_times_slower_is_told_however_many_questions_share_it(questions: int) -> None:
    for seed in range(10):
        one = compared([*islice(_spread(seed, questions), 1200)])
        why, after_s = _ends(one, 20, 30, _spread(seed + 100, questions, 3.0))
        assert "p95 of GET /" in why or "slower than half as much again" in why
        assert after_s <= 15


def test_rare_questions_are_told_together() -> None:
    def each(seconds: float, n: int) -> list[Answer]:
        return [one for k in "abcdefgh" for one in answers(n, asked=f"GET /{k}", seconds=seconds)]

    one = compared(each(0.05, 25))
    assert one.add(each(0.3, 5), 5.0) == ""
    assert one.add(each(0.3, 5), 10.0) == (
        "40 of 40 requests were slower than half as much again as 95 of 100 of their question before, "
        "0.0% then"
    )


def test_to_be_asked_more_often_what_always_had_slow_answers_makes_no_release_slow() -> None:
    def uneven(quick: int, slow: int) -> list[Answer]:
        return [*answers(quick, asked="GET /find"), *answers(slow, asked="GET /find", seconds=5.0)]

    one = compared([*answers(4900), *uneven(96, 4)])
    for part in range(1, 4):
        assert one.add([*answers(5), *uneven(37, 3)], part * 5.0) == ""


def _gave_up(n: int, after_s: float) -> list[Answer]:
    return [Answer(0, 499, after_s, "GET /") for _ in range(n)]


def test_who_waits_in_vain_makes_a_release_slow_and_is_no_answer() -> None:
    one = compared(answers(500))
    assert one.add(_gave_up(30, 2.0), 5.0) == ""
    assert one.add(_gave_up(30, 2.0), 10.0) == ("p95 of GET / is 2000 ms of 30 requests, 20 ms of 500 before")
    assert (one.now(), one.enough()) == (NOTHING, False)


def test_who_leaves_sooner_than_an_answer_may_take_tells_nothing() -> None:
    one = compared(answers(500))
    for part in range(1, 5):
        assert one.add([*answers(20), *_gave_up(200, 0.1)], part * 5.0) == ""


def test_who_gave_up_before_counts_for_speed_alone() -> None:
    one = compared([*answers(300), *_gave_up(300, 2.0)])
    assert one.former == Tally(300, 0, 0.02)
    for part in range(1, 5):
        assert one.add(_gave_up(30, 2.0), part * 5.0) == ""


def test_a_part_waits_for_enough_answers() -> None:
    one = compared(answers(500, seconds=0.05))
    assert one.add(answers(10, seconds=0.4), 5.0) == ""
    assert one.add(answers(9, seconds=0.4), 60.0) == ""
    assert one.add(answers(1, seconds=0.4), 61.0) == ""
    assert one.add(answers(20, seconds=0.4), 62.0) == ""
    assert "p95" in one.add([], 66.0)


def test_synthetic_ones_count_on_neither_side() -> None:
    one = compared(answers(500, range(400), synthetic=True))
    assert one.add(answers(500, range(500), synthetic=True), 5.0) == ""
    assert (one.former, one.now(), one.enough()) == (NOTHING, NOTHING, False)


def test_without_a_baseline_only_what_is_surely_too_much_is_bad() -> None:
    assert "12 of 50 requests failed (24.0%)" in compared().add(answers(50, range(12)), 1.0)
    assert compared().add(answers(50, range(5)), 1.0) == ""
    assert compared().add(answers(49, range(49)), 1.0) == ""


@pytest.mark.parametrize(("known", "errors", "enough"), [(0, 2, True), (0, 3, False), (60, 3, True)])
def test_fifty_answers_prove_something_and_too_many_errors_without_a_baseline_nothing(
    known: int,
    errors: int,
    enough: bool,  # noqa: FBT001 - a row
) -> None:
    one = compared(answers(known))
    one.add(answers(49, range(errors)), 1.0)
    assert not one.enough()
    one.add(answers(1), 1.0)
    assert one.enough() is enough


def test_of_answers_that_are_gone_their_number_is_compared() -> None:
    counted = Tally(5000, 0, 0.01)
    one = Comparison((), 0.05, 30, 0.0, counted)
    assert one.add(answers(400, range(8), seconds=9.0), 5.0) == ""
    assert (
        one.add(answers(400, range(8), seconds=9.0), 10.0)
        == "8 of 400 requests failed (2.0%, 0.0% of 5,000 before)"
    )
    assert one.former == counted


@pytest.mark.parametrize(("left", "baseline"), [(3, 5000), (5000, 5000), (5001, 5001)])
def test_a_few_answers_that_are_left_do_not_stand_for_all(left: int, baseline: int) -> None:
    one = Comparison(answers(left), 0.05, 30, 0.0, Tally(5000, 0, 0.01))
    assert one.former.n == baseline
    assert one.add(answers(400, range(8)), 5.0) == ""
    assert one.add(answers(400, range(8)), 10.0) == (
        f"8 of 400 requests failed (2.0%, 0.0% of {baseline:,} before)"
    )


def test_both_are_told_in_one_phrase() -> None:
    assert told(Tally(1000, 21, 0.041), Tally(1200, 24, 0.039)) == (
        "1,000 requests, 2.1% failed (2.0% of 1,200 before), p95 41 ms (39 ms before)"
    )
    assert told(Tally(60, 0, 0.041), NOTHING) == (
        "60 requests, 0.0% failed (no earlier answers to compare), p95 41 ms"
    )
