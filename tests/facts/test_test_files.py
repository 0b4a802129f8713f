import pytest

from hotelctl.facts.test_files import is_test_file


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_a.py",
        "a_test.py",
        "app/tests.py",
        "web/a.test.tsx",
        "a.spec.mts",
        "x/a_test.go",
        "a_spec.rb",
    ],
)
def test_names_that_runners_collect(path: str) -> None:
    assert is_test_file(path)


@pytest.mark.parametrize(
    "path",
    ["latest.py", "tests/conftest.py", "contest.ts", "node_modules/a/a.test.js", "test.md", "testing.py"],
)
def test_other_names_are_none(path: str) -> None:
    assert not is_test_file(path)
