"""Words of a template that do not come from the translations."""

import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

_LETTER = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&#?\w+;")
# Attributes that people read or hear.
_SPOKEN = frozenset({"alt", "aria-label", "aria-description", "placeholder", "title"})
# Blocks whose content is an attribute of the frame.
_ATTRIBUTES = frozenset({"width", "body"})
# What a macro takes as the name of a field or a choice, and no person reads.
_IDENTIFIER = re.compile(r"^[a-z0-9_./:#%-]*$|^[A-Z_]+$")

# The parts of an expression of which one or all are what it says.
_PARTS: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.CondExpr: ("expr1", "expr2"),
    nodes.BinExpr: ("left", "right"),
    nodes.Concat: ("nodes",),
    nodes.List: ("items",),
    nodes.Tuple: ("items",),
    nodes.Dict: ("items",),
    nodes.Pair: ("value",),
    nodes.Filter: ("node",),
    nodes.Getitem: ("node",),
}


class _Html:
    """Where in the HTML the template is: in text, in a tag, or in an attribute of one."""

    def __init__(self) -> None:
        self._tag: str | None = None
        self._attribute: str | None = None
        self._is_style = False

    @property
    def is_read(self) -> bool:
        """Whether people read what stands here."""
        if self._attribute is not None:
            return self._attribute in _SPOKEN
        return self._tag is None and not self._is_style

    def feed(self, text: str) -> Iterator[str]:
        """The parts of the text that people read."""
        part = ""
        for character in text:
            was_read = self.is_read
            self._step(character)
            if was_read and self.is_read:
                part += character
            elif part:
                yield part
                part = ""
        if part:
            yield part

    def _step(self, character: str) -> None:
        if self._attribute is not None:
            self._attribute = None if character == '"' else self._attribute
        elif self._tag is None:
            self._tag = "" if character == "<" else None
        elif character == '"':
            found = re.search(r"([\w-]+)=$", self._tag)
            self._attribute = found[1] if found else ""
        elif character == ">":
            self._is_style = self._tag.startswith(("style", "script"))
            self._tag = None
        else:
            self._tag += character


def literals(source: str) -> list[str]:
    """What the template says in words of its own, in the order in which it stands there."""
    return list(_of_nodes(Environment(autoescape=True).parse(source).body, _Html()))


def _of_nodes(body: list[nodes.Node], html: _Html) -> Iterator[str]:
    for node in body:
        if isinstance(node, nodes.Output):
            for one in node.nodes:
                yield from _of_output(one, html)
        elif isinstance(node, nodes.Block) and node.name in _ATTRIBUTES:
            continue
        elif isinstance(node, nodes.Assign):
            yield from filter(_LETTER.search, _said(node.node))
        else:
            for name in ("body", "elif_", "else_"):
                yield from _of_nodes(getattr(node, name, None) or [], html)


def _of_output(node: nodes.Node, html: _Html) -> Iterator[str]:
    if isinstance(node, nodes.TemplateData):
        parts = (_ENTITY.sub("", part).strip() for part in html.feed(node.data))
        yield from filter(_LETTER.search, parts)
    elif html.is_read:
        yield from filter(_LETTER.search, _said(node))


def _said(node: nodes.Node) -> Iterator[str]:
    """The fixed words that the expression may put on the page."""
    if isinstance(node, nodes.Const):
        yield from [node.value] if isinstance(node.value, str) else []
    elif isinstance(node, nodes.Call):
        yield from _of_call(node)
    else:
        fields = next((fields for kind, fields in _PARTS.items() if isinstance(node, kind)), ())
        for part in (getattr(node, field) for field in fields):
            for one in part if isinstance(part, list) else [part]:
                yield from _said(one) if one is not None else ()


def _of_call(node: nodes.Call) -> Iterator[str]:
    """Of a text its values; of a macro the words among its arguments, the names of fields aside."""
    values = [pair.value for pair in node.kwargs]
    if isinstance(node.node, nodes.Name) and node.node.name == "t":
        for value in values:
            yield from _said(value)
        return
    for argument in (*node.args, *values):
        yield from (said for said in _said(argument) if not _IDENTIFIER.match(said))
