"""Tests that use the container engine are of the system tier, and are told by their mark."""

import ast
from collections.abc import Iterator

import pytest

from tests import engine as engines
from tests.house.tracked import files, name

_FIXTURE = "engine"


def _using(source: str) -> Iterator[str]:
    """The names of the tests and fixtures that ask for the engine."""
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.FunctionDef) and _FIXTURE in {each.arg for each in one.args.args}:
            yield one.name


def test_whatever_uses_the_engine_is_marked() -> None:
    users = [path for path in files(".py") if path.name.startswith("test_") and [*_using(path.read_text())]]
    marks = "pytestmark = [pytest.mark.system, pytest.mark.engine]"
    assert users
    assert [name(path) for path in users if f"\n{marks}\n" not in path.read_text()] == []


def test_without_an_engine_a_test_is_failed_in_ci_and_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match=r"nobody answers: \.ci/engine starts one"):
        engines.absent("nobody answers")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match=r"nobody answers; \.ci/engine starts one"):
        engines.absent("nobody answers")
