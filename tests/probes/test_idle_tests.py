from hotelctl.facts.idle_tests import IdleTest, IdleTests
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def test_tracked_tests_are_read_with_what_they_may_call() -> None:
    world = World()
    names = ("tests/test_a.py", "tests/conftest.py", "thing.py")
    world.repository.commit(COMMIT, dict.fromkeys(names, ""))
    world.write("tests/test_a.py", "def test_a(): good(1)\ndef test_b(): bad(1)\n")
    world.write("tests/conftest.py", "def good(x): assert x == 1\n")
    world.write("thing.py", "def bad(x): assert x == 1\n")
    assert world.fact(IdleTests) == IdleTests(2, (IdleTest("tests/test_a.py", 2, "test_b"),), {})


def test_without_python_tests_the_question_does_not_arise() -> None:
    world = World()
    world.repository.commit(COMMIT, {"thing.py": "", "tests/conftest.py": "", "src/a.test.ts": ""})
    assert world.why_not(IdleTests).startswith("NotApplicable: no file of Python tests")
    world.repository.commit(COMMIT, {"tests/test_a.py": ""})
    world.write("tests/test_a.py", "")
    assert world.why_not(IdleTests).startswith("NotApplicable: tests/test_a.py and its like hold no function")
