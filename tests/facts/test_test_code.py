import pytest

from hotelctl.facts.test_code import is_test_code, looks_like_test


@pytest.mark.parametrize(
    "name", ["a/tests/x.py", "a/test/__init__.py", "test_a.py", "a/b_test.py", "a/conftest.py"]
)
def test_names_of_tests(name: str) -> None:
    assert looks_like_test(name)


@pytest.mark.parametrize(
    "name", ["a/testing/x.py", "a/tests/data.json", "a/contest.py", "a/latest.py", "tests.py"]
)
def test_names_of_other_files(name: str) -> None:
    assert not looks_like_test(name)


@pytest.mark.parametrize(
    "source",
    [
        b"import pytest\n",
        b"try:\n    from unittest import mock\nexcept: ...\n",
        b"def test_a():\n    assert 1\n",
        b"class TestA:\n    async def test_a(self):\n        assert 1\n",
    ],
)
def test_code_of_tests(source: bytes) -> None:
    assert is_test_code(source)


@pytest.mark.parametrize(
    "source", [b"", b"def test_run():\n    return 1\n", b"x = 'import pytest'\n", b"import pytester\n"]
)
def test_code_that_is_about_tests(source: bytes) -> None:
    assert not is_test_code(source)
