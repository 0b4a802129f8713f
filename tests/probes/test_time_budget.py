from hotelctl.core.errors import NotApplicable
from hotelctl.facts.time_budget import TimeBudget
from tests.probes.worlds import World


def test_it_is_what_the_service_file_says_and_where() -> None:
    had = World(tests={"command": ["test"], "budget_s": 30}).had(TimeBudget)
    assert (had.value.seconds, had.value.place.path) == (30.0, "default")


def test_without_one_the_question_does_not_arise() -> None:
    for tests in (None, {"command": ["test"]}):
        assert isinstance(World(tests=tests).had(TimeBudget).trouble, NotApplicable)
