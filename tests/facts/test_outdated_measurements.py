from hotelctl.facts.outdated_measurements import outdated


def test_the_oldest_beyond_the_limit_are_outdated() -> None:
    assert outdated({"2026-3": "r1", "2026-1": "r1", "2026-2": "r1"}, 2) == ("2026-1",)
    assert outdated({"2026-1": "r1", "2026-2": "r1"}, 2) == ()
    assert outdated({}, 2) == ()


def test_the_newest_of_the_release_before_stays_however_often_the_last_was_measured() -> None:
    releases = {"1": "r1", "2": "r2", "3": "r2", "4": "r3", "5": "r3", "6": "r3"}
    assert outdated(releases, 2) == ("1", "2", "4")
