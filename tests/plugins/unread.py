"""Passes over files without reading them when `-m` can want none of their tests.

pytest imports and rewrites each file first and deselects its tests then, in every worker: half of the
service's test files need a database, and a run without one paid for all of them.
"""

import ast
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

MARKS = frozenset({"database", "quick", "system"})
_KNOWN_WORDS = MARKS | {"and", "or", "not"}
# Up to its closing bracket. What stands below is most of a file, and need not be parsed.
_PYTESTMARK = re.compile(r"\npytestmark = .*(?:\n[ \])].*)*")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """True for a test file that `-m` can want nothing of; one that is named by itself is always read."""
    wanted = config.getoption("markexpr")
    if not wanted or not set(re.findall(r"\w+", wanted)) <= _KNOWN_WORDS:
        return None
    if not _is_test_file(collection_path) or _is_named(collection_path, config):
        return None
    return None if may_want(wanted, collection_path.read_text("utf-8")) else True


def _is_test_file(path: Path) -> bool:
    return path.name.startswith("test_") and path.suffix == ".py"


def _is_named(path: Path, config: pytest.Config) -> bool:
    return any(path.name in argument for argument in config.args)


def may_want(wanted: str, text: str) -> bool:
    """Whether `-m wanted` may want a test of the file `text`: one with the whole file's marks and any others.

    A mark may come from another file under another name, except `quick`, which is always written in full.
    """
    whole = _marks_of_all(text)
    others = MARKS - whole - (set() if "quick" in text else {"quick"})
    expression = Expression.compile(wanted)
    return any(
        expression.evaluate(lambda name, marks=whole | more, /, **_: name in marks)
        for more in _subsets(others)
    )


def _subsets(marks: frozenset[str]) -> Iterator[set[str]]:
    for size in range(len(marks) + 1):
        yield from map(set, combinations(sorted(marks), size))


def _marks_of_all(text: str) -> frozenset[str]:
    """The marks that `pytestmark` gives to each test of the file."""
    found = _PYTESTMARK.search(text)
    if found is None:
        return frozenset()
    try:
        head = ast.parse(text[: found.end()])
    except SyntaxError:  # it stands in a string
        return frozenset()
    given = [ast.unparse(part) for part in head.body if _is_pytestmark(part)]
    return frozenset(mark for mark in MARKS if f"pytest.mark.{mark}" in " ".join(given))


def _is_pytestmark(part: ast.stmt) -> bool:
    return isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "pytestmark"
