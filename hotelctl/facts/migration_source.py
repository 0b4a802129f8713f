"""Where in its file a statement of a migration was written."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from hotelctl.facts.sql_split import split_sql

_WORD = re.compile(r"\w+")


class _Text(NamedTuple):
    value: str
    lineno: int


def line_of(path: str, source: bytes, sql: str) -> int | None:
    """The line, from 1; None where it cannot be told, as of a statement that was put together at run time."""
    text = source.decode(errors="replace")
    if path.endswith(".py"):
        return _python_line(text, sql)
    return next((one.line for one in split_sql(text) if one.text == sql.strip()), None)


def _python_line(text: str, sql: str) -> int | None:
    """The call in `upgrade` whose words the statement holds; SQL that stands there as it is goes first."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    upgrade = next(
        (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade"), None
    )
    if upgrade is None:
        return None
    whole = sql.strip()
    for constant in _texts(upgrade):
        if whole in constant.value:
            return constant.lineno + constant.value[: constant.value.index(whole)].count("\n")
    scored = [(_score(call, whole), -call.lineno) for call in _calls(upgrade)]
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
