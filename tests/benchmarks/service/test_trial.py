from benchmarks.service.figures import Spread
from benchmarks.service.trial import Trial, rounds, summary
from tests.benchmarks.service.made import trial


def test_disturbed_rounds_are_done_again_but_not_for_ever() -> None:
    kinds = {"calm": iter([0, 0, 0]), "once": iter([5, 0, 0, 0]), "always": iter([5] * 9)}
    heard: list[str] = []
    found = rounds(list(kinds), 2, lambda name: trial(0.01, others_s=next(kinds[name])), heard.append)
    assert {name: len(trials) for name, trials in found.items()} == {"calm": 2, "once": 3, "always": 4}
    assert heard[-1] == "round 4: calm 2, once 2, always 0 quiet"


def test_figures_are_those_of_quiet_rounds() -> None:
    trials: list[Trial] = [trial(0.01), trial(9.0, others_s=10), trial(0.03), trial(0.02)]
    found = summary(trials)
    assert found["p50_ms"] == Spread(20, 10, 30)
    assert (found["rounds"], found["disturbed_rounds"], found["n"]) == (3, 1, 3)
    assert len(found["all_rounds"]) == 4
    assert found["statement_p95_ms"] == Spread(5, 5, 5)
    assert found["slowest_statement"] == ("select users", 2.0)


def test_failures_are_part_of_the_figures() -> None:
    found = summary([trial(0.01, None), trial(0.01, 0.02)])
    assert (found["failed"], found["n"], found["p95_ms"]) == (1, 4, None)
    assert found["all_rounds"][0]["errors"] == {"timeout": 1}


def test_disturbed_rounds_are_better_than_none_but_marked() -> None:
    found = summary([trial(0.01, others_s=10)])
    assert (found["rounds"], found["disturbed_rounds"]) == (1, 1)
    assert found["all_rounds"][0]["disturbed"]
