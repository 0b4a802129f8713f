"""Tests that use the container engine are of the system tier, and are told by their mark."""

import ast
from collections.abc import Iterator

import pytest

from tests import engine as engines
from tests.house.tracked import files, name

_FIXTURE = "engine"


_ALL = "pytestmark = [pytest.mark.system, pytest.mark.engine]"
_ONE = {"pytest.mark.system", "pytest.mark.engine"}


def _using(source: str) -> Iterator[ast.FunctionDef]:
    """The tests and fixtures that ask for the engine."""
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.FunctionDef) and _FIXTURE in {each.arg for each in one.args.args}:
            yield one


def _marked(one: ast.FunctionDef) -> bool:
    return {ast.unparse(mark) for mark in one.decorator_list} >= _ONE


def test_whatever_uses_the_engine_is_marked() -> None:
    texts = {name(path): path.read_text() for path in files(".py") if path.name.startswith("test_")}
    users = {place: found for place, text in texts.items() if (found := [*_using(text)])}
    assert users
    unmarked = {place for place, found in users.items() if not all(map(_marked, found))}
    assert {place for place in unmarked if f"\n{_ALL}\n" not in texts[place]} == set()


def test_without_an_engine_a_test_is_failed_in_ci_and_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match=r"nobody answers: \.ci/engine starts one"):
        engines.absent("nobody answers")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match=r"nobody answers; \.ci/engine starts one"):
        engines.absent("nobody answers")
