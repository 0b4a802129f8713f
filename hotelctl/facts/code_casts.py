"""What a call of decouple, environs or django-environ says of the value that it takes.

Source: the documentation of the three: `config("X", cast=int)`, `env.int("X")`.
"""

import ast

from hotelctl.facts.code_annotations import shape_of
from hotelctl.facts.code_reads import ValueShape

# How a method of environs and django-environ is called, and the kind of the env contract.
_METHODS = {kind: kind for kind in ("int", "bool", "float", "json", "list", "url", "email", "path")}
_CAST = "cast"


def shape_of_call(call: ast.Call) -> ValueShape | None:
    """None where nothing is said that the contract has a word for, or `cast` is somebody's own."""
    cast = next((word.value for word in call.keywords if word.arg == _CAST), None)
    if cast is None:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        return ValueShape(_METHODS[method]) if method in _METHODS else None
    if isinstance(cast, ast.Call):
        return _made(cast)
    return ValueShape("json") if ast.unparse(cast) == "json.loads" else _of_a_type(cast)


def _of_a_type(cast: ast.expr) -> ValueShape | None:
    # A list or a set of a text is one of its letters: nobody means that by JSON.
    found = shape_of(cast) if isinstance(cast, ast.Name) else None
    return None if found is None or found.kind == "json" else found


def _made(cast: ast.Call) -> ValueShape | None:
    """What decouple's own helpers read: parts between commas, or one of some words."""
    name = cast.func.attr if isinstance(cast.func, ast.Attribute) else getattr(cast.func, "id", "")
    if name == "Csv":
        plain = not any(word.arg == "delimiter" for word in cast.keywords)
        return ValueShape("list") if plain else None
    words = (
        cast.args[0].elts if name == "Choices" and cast.args and isinstance(cast.args[0], ast.List) else []
    )
    texts = tuple(one.value for one in words if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return ValueShape(choices=texts) if texts and len(texts) == len(words) else None
