"""In which table Alembic notes revisions, read from the `env.py` of the migrations without running it."""

import ast
from collections.abc import Iterator, Mapping

from hotelctl.core.errors import Unavailable
from hotelctl.core.ledger import Ledger
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.facts.server_roles import quoted
from hotelctl.facts.unseen_mapping import unseen_mappings

_TABLE, _SCHEMA = "version_table", "version_table_schema"
_NOT_ASKED = f"no table is asked unless the service file names it: {_TABLE} under [migrations]"


def named_ledger(table: str) -> Ledger:
    """The table `table` or `schema.table`, with Alembic's columns."""
    return Ledger(".".join(map(quoted, table.split("."))), LEDGERS["alembic"].columns)


def alembic_ledger(path: str, source: bytes) -> Ledger:
    """What `context.configure` is told there; Alembic's usual table where it is told nothing.

    Raises:
        Unavailable: the name is put together when it runs.

    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unavailable(f"{path}:{getattr(error, 'lineno', 1)}: is not Python: {error}") from error
    if unseen := next(unseen_mappings(tree, "configure", (_TABLE, _SCHEMA)), None):
        what = ast.unparse(unseen)
        raise Unavailable(
            f"{path}:{unseen.lineno}: configure is handed **{what[:60]}, which may name {_TABLE}: "
            f"{_NOT_ASKED}, or that call says {_TABLE} and {_SCHEMA}"
        )
    texts = dict(_texts(tree))
    said: dict[str, str] = {}
    for name, node in _told(tree):
        value = _text(node, texts)
        if value is None:
            raise Unavailable(f"{path}:{node.lineno}: {name} is no text that stands there: {_NOT_ASKED}")
        said[name] = value
    usual = LEDGERS["alembic"]
    names = [said[name] for name in (_SCHEMA, _TABLE) if said.get(name)]
    if not said.get(_TABLE):
        names.append(usual.table)
    return Ledger(".".join(quoted(name) for name in names), usual.columns) if any(said.values()) else usual


def _told(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The words of calls, and of mappings that are handed to one, at once or one by one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((one.arg, one.value) for one in node.keywords if one.arg in {_TABLE, _SCHEMA})
        elif isinstance(node, ast.Assign):
            keys = (one.slice for one in node.targets if isinstance(one, ast.Subscript))
            yield from (
                (str(key.value), node.value)
                for key in keys
                if isinstance(key, ast.Constant) and key.value in {_TABLE, _SCHEMA}
            )
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (
                (str(key.value), value)
                for key, value in pairs
                if isinstance(key, ast.Constant) and key.value in {_TABLE, _SCHEMA}
            )


def _texts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that are one text from the start."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from (
                (target.id, node.value.value)
                for target in node.targets
                if isinstance(target, ast.Name) and isinstance(node.value.value, str)
            )


def _text(node: ast.expr, texts: Mapping[str, str]) -> str | None:
    """Empty for None, as Alembic takes it."""
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str)):
        return node.value or ""
    return texts.get(node.id) if isinstance(node, ast.Name) else None
