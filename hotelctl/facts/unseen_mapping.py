"""Mappings that a call is handed as `**words`, of which not every word stands in the source."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass


def unseen_mappings(tree: ast.AST, called: str, asked: Collection[str]) -> Iterator[ast.expr]:
    """Those that calls of that name are handed: read from elsewhere, or handed on before to somebody else.

    A call that says all the words that are `asked` for itself is handed none of them: Python takes no word
    twice.
    """
    source = _Source(tree, {child: one for one in ast.walk(tree) for child in ast.iter_child_nodes(one)})
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == called:
            if {one.arg for one in node.keywords} >= {*asked}:
                continue
            handed = (one.value for one in node.keywords if one.arg is None)
            yield from (one for one in handed if not source.shows(one))


@dataclass(frozen=True, slots=True)
class _Source:
    tree: ast.AST
    above: Mapping[ast.AST, ast.AST]

    def shows(self, node: ast.expr | None, behind: frozenset[str] = frozenset()) -> bool:
        """Whether all words of the mapping stand there; `behind` are the names that led here."""
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return all(
                    self.shows(value, behind) if key is None else isinstance(key, ast.Constant)
                    for key, value in pairs
                )
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words):
                return all(one.arg is not None or self.shows(one.value, behind) for one in words)
            case ast.Name(id=name) if name not in behind:
                return self._given(name, behind | {name})
        return False

    def _given(self, name: str, behind: frozenset[str]) -> bool:
        """Whether the name is given such mappings alone, and nobody else is given the name."""
        found: list[ast.expr | None] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.arg | ast.alias) and name in _brought(node):
                return False
            if isinstance(node, ast.Name) and node.id == name:
                above = self.above[node]
                if isinstance(above, ast.Assign | ast.AnnAssign) and above.value is not node:
                    found.append(above.value)
                elif not self._plain(node, above):
                    return False
        return bool(found) and all(self.shows(one, behind) for one in found)

    def _plain(self, node: ast.Name, above: ast.AST) -> bool:
        """A word of it is set or read, or all of them are handed to a call."""
        if isinstance(above, ast.Subscript):
            return above.value is not node or isinstance(above.slice, ast.Constant)
        if isinstance(above, ast.Attribute) and above.attr == "update":
            call = self.above[above]
            return isinstance(call, ast.Call) and not call.args and all(one.arg for one in call.keywords)
        return isinstance(above, ast.Dict) or (isinstance(above, ast.keyword) and above.arg is None)


def _brought(node: ast.arg | ast.alias) -> set[str]:
    """The name that a parameter or an import brings."""
    return {node.arg} if isinstance(node, ast.arg) else {node.asname or node.name.partition(".")[0]}
