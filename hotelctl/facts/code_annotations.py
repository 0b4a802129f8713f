"""What the annotation of a settings field says of the values that it takes."""

import ast
from collections.abc import Iterator, Mapping

from hotelctl.facts.code_reads import ValueShape

_URL = """
AnyUrl AnyHttpUrl HttpUrl AnyWebsocketUrl WebsocketUrl FileUrl FtpUrl PostgresDsn CockroachDsn AmqpDsn
RedisDsn MongoDsn KafkaDsn NatsDsn MySQLDsn MariaDBDsn ClickHouseDsn SnowflakeDsn
"""
_INT = "int StrictInt PositiveInt NonNegativeInt NegativeInt NonPositiveInt conint"
_FLOAT = "float StrictFloat PositiveFloat NonNegativeFloat NegativeFloat NonPositiveFloat confloat"
# Complex values are read as JSON.
_JSON = "Json list List dict Dict set Set tuple Tuple frozenset FrozenSet Sequence Mapping"
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_URL.split(), "url"),
    **dict.fromkeys(_INT.split(), "int"),
    **dict.fromkeys(_FLOAT.split(), "float"),
    **dict.fromkeys(_JSON.split(), "json"),
    **dict.fromkeys(("bool", "StrictBool"), "bool"),
    **dict.fromkeys(("EmailStr", "NameEmail"), "email"),
    **dict.fromkeys(("Path", "FilePath", "DirectoryPath"), "path"),
}
_SECRET = ("SecretStr", "SecretBytes")
_WRAPPED = ("Optional", "Annotated", "Final", "Required")
# What runs before pydantic looks may take other values than the annotation says.
_BEFORE = ("BeforeValidator", "WrapValidator", "PlainValidator", "NoDecode")


def shape_of(annotation: ast.expr) -> ValueShape | None:
    """The shape; None where several are allowed, or nothing is known of the type."""
    if any(_name(one) in _BEFORE for one in ast.walk(annotation) if isinstance(one, ast.Call | ast.Name)):
        return None
    several = list(_plain(annotation))
    if len(several) != 1:
        return None
    one = several[0]
    if isinstance(one, ast.Subscript) and _name(one) == "Literal":
        words = one.slice.elts if isinstance(one.slice, ast.Tuple) else [one.slice]
        values = [word.value for word in words if isinstance(word, ast.Constant)]
        texts = tuple(value for value in values if isinstance(value, str))
        return ValueShape(choices=texts) if len(texts) == len(words) else None
    name = _name(one)
    if name in _SECRET:
        return ValueShape(secret=True)
    return ValueShape(_KINDS[name]) if name in _KINDS else None


def _plain(node: ast.expr) -> Iterator[ast.expr]:
    """The alternatives, None left out."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _plain(node.left)
        yield from _plain(node.right)
    elif isinstance(node, ast.Subscript) and _name(node) in (*_WRAPPED, "Union"):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts if _name(node) == "Union" else parts[:1]:
            yield from _plain(part)
    elif not (isinstance(node, ast.Constant) and node.value is None):
        yield node


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
