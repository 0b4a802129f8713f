from hotelctl.facts.earlier_run import EarlierRun
from tests.probes.worlds import SERVING, STATE, World

PATH = STATE / "deploys" / "r1" / "junit.xml"


def test_it_is_what_the_deploy_of_the_serving_release_left() -> None:
    world = World()
    world.serving = SERVING
    text = '<testsuite><testcase name="a"/><testcase name="s"><skipped message="why"/></testcase></testsuite>'
    world.files.write_durable(PATH, text.encode())
    found = world.fact(EarlierRun)
    assert (found.release, found.path) == ("r1", ".hotelctl/local/deploys/r1/junit.xml")
    assert (found.counts.executed, found.counts.ran) == (1, {"a"})
    assert [(case.name, case.words) for case in found.counts.passed_over] == [("s", "why")]


def test_without_a_release_there_is_none_and_one_without_it_is_unknown() -> None:
    assert World().why_not(EarlierRun).startswith("NotApplicable: nothing is deployed")
    world = World()
    world.serving = SERVING
    why = world.why_not(EarlierRun)
    assert why.startswith(
        "Unavailable: .hotelctl/local/deploys/r1/junit.xml: the tests' report of the release"
    )
    world.files.write_durable(PATH, b"<html/>")
    assert "deploys/r1/junit.xml: the test report is not JUnit" in world.why_not(EarlierRun)
