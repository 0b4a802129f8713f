"""Environment variables that pydantic's settings classes read, resolved over all files of a project."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hotelctl.facts.code_annotations import shape_of
from hotelctl.facts.code_reads import Read, ValueShape

_ROOT = "BaseSettings"
_HEAD = re.compile(r"class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?\(([^)]*)")
_ALIASES = ("validation_alias", "alias", "env")


@dataclass(frozen=True, slots=True)
class SettingsField:
    """One field; `aliases` replace its name, and know no prefix. `needed` is one without a default."""

    name: str
    aliases: tuple[str, ...]
    line: int
    needed: bool
    shape: ValueShape | None = None


@dataclass(frozen=True, slots=True)
class PythonClass:
    """A class as its own file tells it; `prefix` and `delimiter` are None where it does not say."""

    name: str
    path: str
    bases: tuple[str, ...]
    prefix: str | None
    delimiter: str | None
    fields: tuple[SettingsField, ...]


def with_settings(texts: Mapping[str, str]) -> tuple[str, ...]:
    """The paths whose text has a class that comes from BaseSettings, directly or through others."""
    heads = {
        path: [(hit[1], set(re.findall(r"\w+", hit[2]))) for hit in _heads(text)]
        for path, text in texts.items()
    }
    known, before = {_ROOT}, 0
    while len(known) != before:
        before = len(known)
        known |= {name for own in heads.values() for name, bases in own if bases & known}
    return tuple(path for path, own in heads.items() if any(name in known for name, _ in own))


def _heads(text: str) -> Iterator[re.Match[str]]:
    """The heads of classes: nothing stands before them in their lines."""
    # A plain search for the word is many times quicker than a look at the beginning of each line.
    place = text.find("class")
    while place >= 0:
        before = text[text.rfind("\n", 0, place) + 1 : place]
        if not before.strip(" \t") and (hit := _HEAD.match(text, place)):
            yield hit
        place = text.find("class", place + 1)


def classes(path: str, text: str) -> tuple[PythonClass, ...]:
    """Every class of the source that has bases. Raises `SyntaxError` or `ValueError` for no Python."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef) and node.bases)
    return tuple(_class(path, node) for node in found)


def settings_reads(every: Sequence[PythonClass]) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """What the settings classes among `every` read, and the beginnings of nested names."""
    by_name = {one.name: one for one in every}
    known = [one for one in every if _is_settings(one, by_name, frozenset())]
    reads: dict[Read, None] = {}
    beginnings: set[str] = set()
    for one in known:
        below = [other for other in known if one.name in other.bases]
        prefix = _inherited(one, by_name, "prefix") or ""
        if below and all((_inherited(other, by_name, "prefix") or "") != prefix for other in below):
            continue  # a base that only its heirs fill in
        delimiter = _inherited(one, by_name, "delimiter")
        for owner, field in _fields(one, by_name, frozenset()):
            names = field.aliases or ((prefix + field.name).upper(),)
            reads[Read(names, owner.path, field.line, "settings", field.needed, field.shape)] = None
            beginnings |= {f"{name}{delimiter.upper()}" for name in names if delimiter}
    return tuple(reads), tuple(sorted(beginnings))


def _is_settings(one: PythonClass, by_name: Mapping[str, PythonClass], seen: frozenset[str]) -> bool:
    if _ROOT in one.bases:
        return True
    bases = (by_name[base] for base in one.bases if base in by_name and base not in seen)
    return any(_is_settings(base, by_name, seen | {one.name}) for base in bases)


def _inherited(
    one: PythonClass, by_name: Mapping[str, PythonClass], what: str, seen: frozenset[str] = frozenset()
) -> str | None:
    own: str | None = getattr(one, what)
    if own is not None:
        return own
    bases = (by_name[base] for base in one.bases if base in by_name and base not in {*seen, one.name})
    found = (_inherited(base, by_name, what, seen | {one.name}) for base in bases)
    return next((value for value in found if value is not None), None)


def _fields(
    one: PythonClass, by_name: Mapping[str, PythonClass], seen: frozenset[str]
) -> Iterator[tuple[PythonClass, SettingsField]]:
    yield from ((one, field) for field in one.fields)
    for base in one.bases:
        if base in by_name and base not in {*seen, one.name}:
            yield from _fields(by_name[base], by_name, seen | {one.name})


def _class(path: str, node: ast.ClassDef) -> PythonClass:
    words = {word.arg: word.value for word in node.keywords if word.arg}
    for item in node.body:
        if isinstance(item, ast.Assign | ast.AnnAssign) and isinstance(item.value, ast.Call | ast.Dict):
            target = item.targets[0] if isinstance(item, ast.Assign) else item.target
            words |= (
                _pairs(item.value) if isinstance(target, ast.Name) and target.id == "model_config" else {}
            )
        elif isinstance(item, ast.ClassDef) and item.name == "Config":
            words |= {
                t.id: a.value
                for a in item.body
                if isinstance(a, ast.Assign)
                for t in a.targets
                if isinstance(t, ast.Name)
            }
    own = [_field(item) for item in node.body if isinstance(item, ast.AnnAssign) and _is_field(item)]
    changed = frozenset(_changed_before(node))
    fields = tuple(replace(one, shape=None) if changed & {one.name, "*"} else one for one in own)
    bases = tuple(_last(base) for base in node.bases)
    prefix, delimiter = _text(words.get("env_prefix")), _text(words.get("env_nested_delimiter"))
    return PythonClass(node.name, path, bases, prefix, delimiter, fields)


def _changed_before(node: ast.ClassDef) -> Iterator[str]:
    """The fields whose values the class itself changes before they are judged: it may take other ones."""
    functions = (one for one in node.body if isinstance(one, ast.FunctionDef))
    for call in (call for one in functions for call in one.decorator_list if isinstance(call, ast.Call)):
        words = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
        if words.get("mode") in ("before", "plain", "wrap") or words.get("pre") is True:
            yield from filter(None, map(_text, call.args))


def _pairs(value: ast.Call | ast.Dict) -> dict[str, ast.expr]:
    if isinstance(value, ast.Call):
        return {word.arg: word.value for word in value.keywords if word.arg}
    pairs = zip(value.keys, value.values, strict=True)
    return {key.value: v for key, v in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _is_field(item: ast.AnnAssign) -> bool:
    named = isinstance(item.target, ast.Name) and not item.target.id.startswith(("_", "model_config"))
    return named and "ClassVar" not in ast.unparse(item.annotation)


def _field(item: ast.AnnAssign) -> SettingsField:
    name = item.target.id if isinstance(item.target, ast.Name) else ""
    places = [item.annotation, *([item.value] if item.value is not None else [])]
    calls = [n for place in places for n in ast.walk(place) if isinstance(n, ast.Call)]
    given = {w.arg: w.value for c in calls if _last(c.func) == "Field" for w in c.keywords if w.arg}
    alias = next((given[word] for word in _ALIASES if word in given), None)
    needed, shape = _is_needed(item, calls), shape_of(item.annotation)
    return SettingsField(name, tuple(_aliases(alias)), item.lineno, needed, shape)


def _is_needed(item: ast.AnnAssign, calls: Sequence[ast.Call]) -> bool:
    """Whether it has no default, neither as its value nor in a `Field` of value or annotation."""
    fields = [call for call in calls if _last(call.func) == "Field"]
    if item.value is not None and item.value not in fields:
        return False
    words = {word.arg for call in fields for word in call.keywords}
    first = [call.args[0] for call in fields if call.args]
    return not words & {"default", "default_factory", None} and all(_is_ellipsis(one) for one in first)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _aliases(node: ast.expr | None) -> Iterator[str]:
    """A name, a list of names, or AliasChoices of names; what lies inside a value has no name."""
    if isinstance(node, ast.Call) and _last(node.func) == "AliasChoices":
        for one in node.args:
            yield from _aliases(one)
    elif isinstance(node, ast.List | ast.Tuple):
        for one in node.elts:
            yield from _aliases(one)
    elif (text := _text(node)) is not None:
        yield text.upper()


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
