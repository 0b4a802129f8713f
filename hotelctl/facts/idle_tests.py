"""Tests that can only fail by breaking: nothing in them, nor in what they call by name, asserts anything."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SAYS_SO = re.compile(r"_*(assert|expect|check|verify|ensure|require|should|must|fail)(s|ed)?($|_|[A-Z])")
_OF_PYTEST = frozenset({"raises", "warns", "deprecated_call", "approx", "RaisesGroup"})
_OF_VALUES = frozenset(name for kind in (str, bytes, dict, list, set, tuple, Path) for name in dir(kind))
_FIXTURE, _METHOD, _FUNCTION = "fixture", "method", "function"


@dataclass(frozen=True, slots=True)
class IdleTest:
    """One test; `line` counts from 1."""

    path: str
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class IdleTests:
    """`tests` were looked at in all; `unread` are files with the reason why they could not be."""

    tests: int
    idle: tuple[IdleTest, ...]
    unread: Mapping[str, str]


@dataclass(slots=True, eq=False)
class _Code:
    """A function: whether it is known to assert, the names that it calls, and those of its fixtures."""

    path: str
    node: _Function
    calls: frozenset[str]
    methods: frozenset[str]
    fixtures: frozenset[str]
    asserts: bool


@dataclass(slots=True)
class _Found:
    """The tests, and all other functions by their kind and name."""

    tests: list[_Code] = field(default_factory=list)
    helpers: dict[tuple[str, str], list[_Code]] = field(default_factory=dict)

    def meant_by(self, code: _Code) -> Iterator[_Code]:
        """The helpers that it may mean: those of its own file, else any that are called so."""
        wanted = [(_FUNCTION, name) for name in code.calls | code.methods]
        wanted += [(_METHOD, name) for name in code.methods]
        wanted += [(_FIXTURE, name) for name in code.fixtures]
        for one in wanted:
            known = self.helpers.get(one, ())
            yield from [other for other in known if other.path == code.path] or known


def idle_tests(sources: Mapping[str, bytes | str], are_tests: Iterable[str]) -> IdleTests:
    """The idle tests of the files `are_tests`; the other `sources` are what they may call.

    Calls are followed by name alone, so a test is in doubt held to assert. Where a text stands instead of
    bytes, it says why the file could not be had.
    """
    unread, found, wanted = dict[str, str](), _Found(), frozenset(are_tests)
    for path, data in sources.items():
        if isinstance(data, str):
            unread[path] = data
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError, RecursionError) as error:
            unread[path] = f"is no Python that this one can parse ({type(error).__name__})"
            continue
        _collect(found, path, tree, tests=path in wanted)
    _follow(found)
    idle = tuple(
        IdleTest(code.path, code.node.lineno, code.node.name) for code in found.tests if not code.asserts
    )
    return IdleTests(len(found.tests), idle, unread)


def _collect(found: _Found, path: str, tree: ast.Module, *, tests: bool) -> None:
    own = set(_tests(tree.body)) if tests else set()
    methods = {one for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    for node in ast.walk(tree):
        if not isinstance(node, _Function):
            continue
        nodes = list(ast.walk(node))
        if node in own:
            asserts = any(map(_asserts, nodes)) or any(isinstance(one, ast.Raise) for one in _own(node))
            found.tests.append(_code(path, node, nodes, asserts=asserts))
        else:
            fixture = _is_fixture(node)
            kind = _FIXTURE if fixture else _METHOD if node in methods else _FUNCTION
            asserts = any(map(_helps, _after_setup(node) if fixture else nodes))
            found.helpers.setdefault((kind, node.name), []).append(_code(path, node, nodes, asserts=asserts))


def _code(path: str, node: _Function, nodes: Iterable[ast.AST], *, asserts: bool) -> _Code:
    called = [one.func for one in nodes if isinstance(one, ast.Call)]
    return _Code(
        path,
        node,
        frozenset(_name(one) for one in called if isinstance(one, ast.Name)),
        frozenset(_name(one) for one in called if isinstance(one, ast.Attribute)) - _OF_VALUES,
        frozenset(_fixtures(node)),
        asserts,
    )


def _own(function: _Function) -> Iterator[ast.AST]:
    """All that is in it but the functions inside: those are called by somebody else."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        if not isinstance(node, _Function):
            yield node
            todo += ast.iter_child_nodes(node)


def _tests(body: Iterable[ast.stmt]) -> Iterator[_Function]:
    """What pytest and unittest collect: functions called `test...`, also those of classes."""
    for node in body:
        if isinstance(node, _Function) and node.name.startswith("test") and not _is_fixture(node):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _tests(node.body)


def _is_fixture(node: _Function) -> bool:
    made = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(_name(decorator) == "fixture" for decorator in made)


def _fixtures(function: _Function) -> Iterator[str]:
    """What it is given by name, and what its decorators name, such as `usefixtures`."""
    arguments = function.args
    yield from (one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    for decorator in function.decorator_list:
        texts = (node.value for node in ast.walk(decorator) if isinstance(node, ast.Constant))
        yield from (text for text in texts if isinstance(text, str))


def _after_setup(fixture: _Function) -> Iterator[ast.AST]:
    """What a fixture does at the end of a test, and inside functions that it hands to it."""
    given = False
    for statement in fixture.body:
        nodes = list(ast.walk(statement))
        if given or any(isinstance(node, _Function | ast.Lambda) for node in nodes):
            yield from nodes
        given = given or any(isinstance(node, ast.Yield) for node in nodes)


def _asserts(node: ast.AST) -> bool:
    """Whether the node by itself can fail a test; `assert True` and its kind hold whatever happens."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant) or not node.test.value
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return raised is not None and _name(raised) == "AssertionError"
    return isinstance(node, ast.Call) and _says_so(_name(node.func))


def _helps(node: ast.AST) -> bool:
    """The same for a helper, whose `assert x is not None` is there for the type checker."""
    return _asserts(node) and not (isinstance(node, ast.Assert) and _narrows(node.test))


def _narrows(condition: ast.expr) -> bool:
    if isinstance(condition, ast.Compare):
        return isinstance(condition.ops[0], ast.IsNot)
    return isinstance(condition, ast.Name) or (
        isinstance(condition, ast.Call) and _name(condition.func) == "isinstance"
    )


def _says_so(name: str) -> bool:
    return name in _OF_PYTEST or _SAYS_SO.match(name) is not None


def _name(called: ast.expr) -> str:
    """The last part of what is called; empty where it has no name."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _follow(found: _Found) -> None:
    """Whoever calls what asserts asserts, too; until nothing more follows."""
    doubtful = [*found.tests, *(code for helpers in found.helpers.values() for code in helpers)]
    while True:
        doubtful = [code for code in doubtful if not code.asserts]
        more = [code for code in doubtful if any(one.asserts for one in found.meant_by(code))]
        if not more:
            return
        for code in more:
            code.asserts = True
