"""Where in its file a statement of a migration was written."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from hotelctl.facts.sql_split import split_sql

_WORD = re.compile(r"\w+")


class _Text(NamedTuple):
    value: str
    lineno: int


class Source:
    """The text of one migration, read once however many statements are looked for in it."""

    def __init__(self, path: str, source: bytes) -> None:
        """Nothing is read before it is asked for."""
        self._text = source.decode(errors="replace")
        self._python = path.endswith(".py")

    def line_of(self, sql: str) -> int | None:
        """The line, from 1; None where it cannot be told, as of one that was put together at run time."""
        return self._of_call(sql.strip()) if self._python else self._lines.get(sql.strip())

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        """Of the same words twice the first place."""
        return {one.text: one.line for one in reversed(split_sql(self._text))}

    @cached_property
    def _upgrade(self) -> ast.FunctionDef | None:
        try:
            tree = ast.parse(self._text)
        except (SyntaxError, ValueError, RecursionError):
            return None
        functions = (one for one in tree.body if isinstance(one, ast.FunctionDef))
        return next((one for one in functions if one.name == "upgrade"), None)

    def _of_call(self, sql: str) -> int | None:
        """The call in `upgrade` whose words the statement holds; SQL that stands there as it is is first."""
        if self._upgrade is None:
            return None
        for constant in _texts(self._upgrade):
            if sql in constant.value:
                return constant.lineno + constant.value[: constant.value.index(sql)].count("\n")
        scored = [(_score(call, sql), -call.lineno) for call in _calls(self._upgrade)]
        best = max(scored, default=(0, 0))
        return -best[1] if best[0] > 0 else None


def _score(call: ast.Call, sql: str) -> int:
    """How many of its names the statement holds; less than nothing as soon as it lacks the first."""
    names = [one.value for one in _texts(call) if one.value.isidentifier()]
    words = set(_WORD.findall(sql))
    if not names or names[0] not in words:
        return 0
    return sum(1 if name in words else -1 for name in names)


def _texts(node: ast.AST) -> Iterator[_Text]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield _Text(one.value, one.lineno)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that are statements of their own: `op.add_column(...)`, not the columns in it."""
    for one in ast.walk(node):
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            yield one.value
