"""Environment variables that Python source reads: os.environ, decouple, environs, dynaconf.

Settings classes of pydantic are read by `code_settings`, because their bases stand in other files.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hotelctl.facts.code_reads import Read, Scanned

_WORD = re.compile(r"""(?<=['"])[A-Z][A-Z0-9_]{2,}(?=['"])""")
# Without one of these words a source reads nothing, and is not taken apart.
_SIGNS = re.compile(r"environ|getenv|decouple|dynaconf", re.IGNORECASE)
_GETTERS = ("get", "pop", "setdefault", "__getitem__")
_FACTORIES = {
    ("environs", "Env"): "environs",
    ("environs", "FileAwareEnv"): "environs",
    ("environ", "Env"): "django-environ",
    ("environ", "FileAwareEnv"): "django-environ",
    ("decouple", "AutoConfig"): "decouple",
    ("decouple", "Config"): "decouple",
}


@dataclass(slots=True)
class _Names:
    """What the file's own names stand for."""

    environ: set[str] = field(default_factory=set)
    getenv: set[str] = field(default_factory=set)
    factories: dict[str, str] = field(default_factory=dict)
    callers: dict[str, str] = field(default_factory=dict)
    dynaconf: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


def scan_python(path: str, text: str) -> Scanned:
    """What the source reads. Raises `SyntaxError` or `ValueError` for what is no Python."""
    words = frozenset(_WORD.findall(text))
    if not _SIGNS.search(text):
        return Scanned(words=words)
    tree = ast.parse(text)
    names = _names(tree)
    found = [*_Reads(path, names).of(tree, "")]
    whole = tuple(read for read in found if read.names)
    return Scanned(whole, words, tuple(read for read in found if not read.names))


def _names(tree: ast.Module) -> _Names:
    names = _Names()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                _imported(names, node.module or "", alias.name, alias.asname or alias.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    _assigned(names, target.id, node.value)
    return names


def _imported(names: _Names, module: str, name: str, here: str) -> None:
    if module == "os" and name == "environ":
        names.environ.add(here)
    elif module == "os" and name == "getenv":
        names.getenv.add(here)
    elif module == "decouple" and name == "config":
        names.callers[here] = "decouple"
    elif (module, name) in _FACTORIES:
        names.factories[here] = _FACTORIES[module, name]


def _assigned(names: _Names, here: str, value: ast.expr) -> None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        names.constants[here] = value.value
    elif _last(value) == "environ" and isinstance(value, ast.Attribute):
        names.environ.add(here)
    elif isinstance(value, ast.Call):
        made = _last(value.func)
        owner = _last(value.func.value) if isinstance(value.func, ast.Attribute) else ""
        how = _FACTORIES.get((owner, made)) or (names.factories.get(made) if not owner else None)
        if made in {"Dynaconf", "LazySettings"}:
            names.dynaconf[here] = _keyword(value, "envvar_prefix", "DYNACONF")
        elif how is not None:
            names.callers[here] = how


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _keyword(call: ast.Call, name: str, otherwise: str) -> str:
    for word in call.keywords:
        if word.arg == name and isinstance(word.value, ast.Constant):
            return str(word.value.value) if isinstance(word.value.value, str) else ""
    return otherwise


@dataclass(frozen=True, slots=True)
class _Reads:
    path: str
    names: _Names

    def of(self, node: ast.AST, prefix: str) -> Iterator[Read]:
        """Reads below `node`; `prefix` is what an `env.prefixed(...)` around it puts in front."""
        if isinstance(node, ast.With):
            prefix += next(filter(None, (self.prefixed(item.context_expr) for item in node.items)), "")
        elif isinstance(node, ast.expr):
            yield from self.at(node, prefix)
        for child in ast.iter_child_nodes(node):
            yield from self.of(child, prefix)

    def prefixed(self, node: ast.expr) -> str:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            known = _last(node.func.value) in self.names.callers and node.func.attr == "prefixed"
            return (self.text(node.args[0]) or "") if known else ""
        return ""

    def at(self, node: ast.expr, prefix: str) -> Iterator[Read]:
        """What this expression itself reads."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if self.is_environ(node.value):
                yield self.read(node, node.slice, "os.environ")
            elif isinstance(node.value, ast.Name) and node.value.id in self.names.dynaconf:
                yield from self.dynaconf(node, node.value.id, self.text(node.slice))
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            if self.is_environ(node.comparators[0]):
                yield self.read(node, node.left, "os.environ")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in self.names.dynaconf and node.attr.isupper():
                yield from self.dynaconf(node, node.value.id, node.attr)
        elif isinstance(node, ast.Call) and node.args:
            yield from self.call(node, prefix)

    def call(self, node: ast.Call, prefix: str) -> Iterator[Read]:
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = _last(function.value)
            if function.attr in _GETTERS and self.is_environ(function.value):
                yield self.read(node, node.args[0], "os.environ")
            elif (owner, function.attr) == ("os", "getenv"):
                yield self.read(node, node.args[0], "os.getenv")
            elif (owner, function.attr) == ("decouple", "config"):
                yield self.read(node, node.args[0], "decouple")
            elif owner in self.names.callers and function.attr not in (
                "prefixed",
                "read_env",
                "read_envfile",
            ):
                yield self.read(node, node.args[0], self.names.callers[owner], prefix)
        elif isinstance(function, ast.Name):
            if function.id in self.names.getenv:
                yield self.read(node, node.args[0], "os.getenv")
            elif function.id in self.names.callers:
                yield self.read(node, node.args[0], self.names.callers[function.id], prefix)

    def is_environ(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "environ" and isinstance(node.value, ast.Name)
        return isinstance(node, ast.Name) and node.id in self.names.environ

    def dynaconf(self, node: ast.expr, owner: str, name: str | None) -> Iterator[Read]:
        prefix = self.names.dynaconf[owner]
        if name:
            full = f"{prefix}_{name.upper()}" if prefix else name.upper()
            yield Read((full,), self.path, node.lineno, "dynaconf")

    def read(self, node: ast.expr, name: ast.expr, how: str, prefix: str = "") -> Read:
        text = self.text(name)
        return Read((prefix + text,) if text is not None else (), self.path, node.lineno, how)

    def text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.names.constants.get(node.id) if isinstance(node, ast.Name) else None
