import pytest

from hotelctl.deploy.leak import Leak

MB = 1_000_000


def fed(leak: Leak, held: list[float]) -> tuple[str, int]:
    """Why it is bad, and at which look; one twice a second, in MB."""
    for n, one in enumerate(held):
        if why := leak.add(int(one * MB), n * 0.5):
            return why, n
    return "", len(held)


def test_a_steady_growth_towards_the_limit_is_told_before_it_is_reached() -> None:
    why, look = fed(Leak(500 * MB, 100 * MB), [100 + 5 * n for n in range(80)])
    assert why.startswith("it holds 250.0 MB of 500.0 MB, and all in 25 s, the former release 100.0 MB")
    assert look == 30


def test_near_the_limit_it_is_bad_however_it_came_there() -> None:
    assert fed(Leak(500 * MB, 100 * MB), [100, 449, 451]) == (
        "it holds 451.0 MB of 500.0 MB, the former release 100.0 MB",
        2,
    )
    assert fed(Leak(500 * MB, None), [451])[0] == "it holds 451.0 MB of 500.0 MB"


def test_what_the_former_release_needs_as_well_is_no_leak_but_for_the_limit_itself() -> None:
    assert fed(Leak(500 * MB, 440 * MB), [300 + 5 * n for n in range(40)])[0] == ""
    assert fed(Leak(500 * MB, 440 * MB), [499, 500]) == ("it holds 500.0 MB, the limit is 500.0 MB", 1)


@pytest.mark.parametrize(
    "held",
    [
        [100 + 200 * (1 - 0.8**n) for n in range(60)],  # caches that fill
        [300 + n / 10 for n in range(60)],  # an hour from the limit
        [300 + 40 * (n % 3) for n in range(60)],  # up and down
        [50 + 5 * n for n in range(30)],  # growth below the half
    ],
    ids=["start", "slow", "unsteady", "low"],
)
def test_other_growth_is_none(held: list[float]) -> None:
    assert fed(Leak(500 * MB, 100 * MB), held)[0] == ""


@pytest.mark.parametrize(("limit", "held"), [(None, 900), (500, None)])
def test_without_limit_or_sight_nothing_is_told(limit: int | None, held: int | None) -> None:
    leak = Leak(limit and limit * MB, None)
    assert leak.add(held and held * MB, 0.0) == ""
