"""Environment variables that Python source reads: os.environ, decouple, environs, dynaconf.

Settings classes of pydantic are read by `code_settings`, because their bases stand in other files.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hotelctl.facts.code_casts import shape_of_call
from hotelctl.facts.code_reads import Read, Scanned

# The closing quote may open the next word.
_WORD = re.compile(r"""['"]([A-Z][A-Z0-9_]{2,})(?=['"])""")
# Without one of these words a source reads nothing, and is not taken apart.
_SIGNS = ("environ", "getenv", "decouple", "dynaconf")
_GETTERS = ("get", "pop", "setdefault", "__getitem__")
_CAUGHT = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
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
    # Those that were told the defaults of their variables when they were made.
    knowing: set[str] = field(default_factory=set)
    dynaconf: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


def scan_python(path: str, text: str) -> Scanned:
    """What the source reads. Raises `SyntaxError` or `ValueError` for what is no Python."""
    words = frozenset(_WORD.findall(text))
    small = text.lower()
    if not any(sign in small for sign in _SIGNS):
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
            if value.keywords:
                names.knowing.add(here)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _keyword(call: ast.Call, name: str, otherwise: str) -> str:
    for word in call.keywords:
        if word.arg == name and isinstance(word.value, ast.Constant):
            return str(word.value.value) if isinstance(word.value.value, str) else ""
    return otherwise


def _without_default(call: ast.Call) -> bool:
    """Whether a call of these libraries fails where the variable is not set."""
    return len(call.args) == 1 and all(word.arg not in ("default", None) for word in call.keywords)


def _catches(node: ast.Try) -> bool:
    """Whether the block goes on where a variable is missing."""
    kinds = (one.type for one in node.handlers)
    named = [n for kind in kinds for n in (ast.walk(kind) if kind else (ast.Name("Exception"),))]
    return any(_last(one) in _CAUGHT for one in named if isinstance(one, ast.expr))


@dataclass(frozen=True, slots=True)
class _Reads:
    path: str
    names: _Names

    def of(self, node: ast.AST, prefix: str) -> Iterator[Read]:
        """Reads below `node`; `prefix` is what an `env.prefixed(...)` around it puts in front."""
        if isinstance(node, ast.With):
            prefix += next(filter(None, (self.prefixed(item.context_expr) for item in node.items)), "")
        elif isinstance(node, ast.Expr) and self.only_sets(node.value):
            # Whoever reads it stands elsewhere, or in a library that is told so.
            node = node.value
        elif isinstance(node, ast.expr):
            yield from self.at(node, prefix)
        for child in ast.iter_child_nodes(node):
            found = self.of(child, prefix)
            caught = isinstance(node, ast.Try) and child in node.body and _catches(node)
            yield from (replace(read, needed=False) for read in found) if caught else found

    def only_sets(self, node: ast.expr) -> bool:
        """Whether it gives a variable a value where it has none, and makes nothing of either."""
        function = node.func if isinstance(node, ast.Call) else None
        default = isinstance(function, ast.Attribute) and function.attr == "setdefault"
        return default and isinstance(function, ast.Attribute) and self.is_environ(function.value)

    def prefixed(self, node: ast.expr) -> str:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            known = _last(node.func.value) in self.names.callers and node.func.attr == "prefixed"
            return (self.text(node.args[0]) or "") if known else ""
        return ""

    def at(self, node: ast.expr, prefix: str) -> Iterator[Read]:
        """What this expression itself reads."""
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if self.is_environ(node.value):
                yield self.read(node, node.slice, "os.environ", needed=True)
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
                needed = function.attr == "__getitem__" or (function.attr == "pop" and len(node.args) == 1)
                yield self.read(node, node.args[0], "os.environ", needed=needed)
            elif (owner, function.attr) == ("os", "getenv"):
                yield self.read(node, node.args[0], "os.getenv")
            elif (owner, function.attr) == ("decouple", "config"):
                yield self.asked(node, "", "", how="decouple")
            elif owner in self.names.callers and function.attr not in (
                "prefixed",
                "read_env",
                "read_envfile",
            ):
                yield self.asked(node, owner, prefix)
        elif isinstance(function, ast.Name):
            if function.id in self.names.getenv:
                yield self.read(node, node.args[0], "os.getenv")
            elif function.id in self.names.callers:
                yield self.asked(node, function.id, prefix)

    def asked(self, node: ast.Call, caller: str, prefix: str, *, how: str = "") -> Read:
        """A read through a reader of a library, which fails without the variable and a default."""
        needed = _without_default(node) and caller not in self.names.knowing
        read = self.read(node, node.args[0], how or self.names.callers[caller], prefix, needed=needed)
        return replace(read, shape=shape_of_call(node))

    def is_environ(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "environ" and isinstance(node.value, ast.Name)
        return isinstance(node, ast.Name) and node.id in self.names.environ

    def dynaconf(self, node: ast.expr, owner: str, name: str | None) -> Iterator[Read]:
        prefix = self.names.dynaconf[owner]
        if name:
            full = f"{prefix}_{name.upper()}" if prefix else name.upper()
            yield Read((full,), self.path, node.lineno, "dynaconf")

    def read(
        self, node: ast.expr, name: ast.expr, how: str, prefix: str = "", *, needed: bool = False
    ) -> Read:
        text = self.text(name)
        return Read((prefix + text,) if text is not None else (), self.path, node.lineno, how, needed)

    def text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.names.constants.get(node.id) if isinstance(node, ast.Name) else None
