"""Which PostgreSQL extensions migrations or a dump create, read from the sources without running them."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.sql_split import SqlStatement, first_words, split_sql

_CREATE = ("create", "extension")
_NAME = re.compile(
    r'create\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[a-z_][\w$]*))',
    re.IGNORECASE,
)
_WORD = re.compile(_CREATE[1], re.IGNORECASE)
_BACK = "downgrade"


@dataclass(frozen=True, slots=True)
class CreatedExtension:
    """Its name as the server knows it, and the file and line that ask for it; `path` is empty for a dump."""

    name: str
    path: str
    line: int


def created_extensions(path: str, source: bytes) -> tuple[CreatedExtension, ...]:
    """Those that the file creates: statements of SQL, or of the texts in a Python file.

    What a DO block creates is left out, as it may ask first; so is the way back, and names that are put
    together at run time.
    """
    text = source.decode(errors="replace")
    if path.endswith(".py"):
        return tuple(_of_python(path, text))
    return tuple(_of_sql(path, text, 0))


def created_by(sources: Mapping[str, bytes]) -> tuple[CreatedExtension, ...]:
    """Those of all files, by their paths."""
    return tuple(one for path in sorted(sources) for one in created_extensions(path, sources[path]))


def _of_sql(path: str, text: str, above: int) -> Iterator[CreatedExtension]:
    if not _WORD.search(text):
        return
    for one in split_sql(text):
        if name := _name(one):
            yield CreatedExtension(name, path, above + one.line)


def _name(one: SqlStatement) -> str:
    if first_words(one.text, 2) != _CREATE:
        return ""
    hit = _NAME.match(one.text)
    if hit is None:
        return ""
    return hit["quoted"].replace('""', '"') if hit["quoted"] else hit["plain"].lower()


def _of_python(path: str, text: str) -> Iterator[CreatedExtension]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for one in _texts(tree):
        yield from _of_sql(path, str(one.value), one.lineno - 1)


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts that are used: no docstrings, nothing of the way back, no piece of a longer one."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.FunctionDef) and one.name == _BACK:
            continue
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            continue
        if isinstance(one, ast.Constant):
            if isinstance(one.value, str):
                yield one
        elif not isinstance(one, ast.JoinedStr):
            yield from _texts(one)
