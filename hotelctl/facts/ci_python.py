"""Which Python the files of a CI ask for, read line by line: GitHub workflows and GitLab pipelines.

Read are `python-version` with scalars, flow and block lists, the keys that `${{ matrix.x }}` and
`${{ env.X }}` lead to, and images. What leads nowhere in the same file is a doubt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotelctl.facts.image_reference import read_reference
from hotelctl.facts.python_claims import PythonClaim, version_in, version_of

_KEY = re.compile(r"^\s*(?:-\s+)?(?P<key>[\w.-]+)\s*:(?:\s+(?P<value>.*))?$")
_ITEM = re.compile(r"^\s*-\s+(?P<value>[^:]+)$")
_EXPRESSION = re.compile(
    r"^\$\{\{\s*(?:matrix|env|inputs|vars)\.(?P<name>[\w-]+).*\}\}$|^\$\{?(?P<plain>\w+)\}?$"
)
_COMMENT = re.compile(r"(^|\s)#.*$")
_TRIMMED = re.compile(r"\d\.\d*0")
_PYTHON = frozenset({"python-version", "python_version"})
_IMAGE = frozenset({"image", "container"})
_IMAGE_NAME = "name"


@dataclass(frozen=True, slots=True)
class _Value:
    line: int
    key: str
    text: str
    quoted: bool


def read_ci(path: str, text: str) -> tuple[list[PythonClaim], list[str]]:
    """The claims of one file, and what it leaves open."""
    lines = [_COMMENT.sub("", line).rstrip() for line in text.splitlines()]
    values = list(_values(lines))
    claims: list[PythonClaim] = []
    doubts: list[str] = []
    for value in values:
        if value.key in _PYTHON:
            for one in _followed(value, values):
                _judge(path, one, claims, doubts)
        elif value.key in _IMAGE or _is_image_name(value):
            claims += _of_image(path, value, values)
    return list(dict.fromkeys(claims)), list(dict.fromkeys(doubts))


def _values(lines: Sequence[str]) -> Iterator[_Value]:
    """Every scalar with its key; each element of a list under the key of the list."""
    for number, line in enumerate(lines, start=1):
        found = _KEY.match(line)
        if found is None:
            continue
        key, said = found["key"], (found["value"] or "").strip()
        if said.startswith("["):
            yield from _flow(lines, number, key, said)
        elif said and said not in ("|", ">", "|-", ">-"):
            yield _value(number, key, said)
        else:
            yield from _block(lines, number, key, scalar=bool(said))


def _flow(lines: Sequence[str], number: int, key: str, said: str) -> Iterator[_Value]:
    whole, at = said, number
    while "]" not in whole and at < len(lines):
        whole += " " + lines[at].strip()
        at += 1
    for word in whole.strip("[] ").partition("]")[0].split(","):
        if word.strip():
            yield _value(number, key, word.strip())


def _block(lines: Sequence[str], number: int, key: str, *, scalar: bool) -> Iterator[_Value]:
    """The lines of a block scalar, or the elements of a list, below the line of that number."""
    indent = _indent(lines[number - 1])
    for at, line in enumerate(lines[number:], start=number + 1):
        if not line.strip():
            continue
        item = _ITEM.match(line)
        if scalar and _indent(line) > indent:
            yield _Value(at, key, line.strip(), quoted=True)
        elif not scalar and item is not None and _indent(line) >= indent:
            yield _value(at, key, item["value"].strip())
        else:
            return


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _value(line: int, key: str, said: str) -> _Value:
    bare = said.strip("\"'")
    return _Value(line, key, bare, quoted=bare != said)


def _followed(value: _Value, values: Sequence[_Value]) -> Iterator[_Value]:
    """The values that an expression leads to; the value itself when it is none, or leads nowhere."""
    hit = _EXPRESSION.match(value.text)
    name = (hit["name"] or hit["plain"]) if hit else None
    found = [one for one in values if one.key == name and not _EXPRESSION.match(one.text)]
    yield from found or [value]


def _judge(path: str, value: _Value, claims: list[PythonClaim], doubts: list[str]) -> None:
    if value.text.startswith("$"):
        doubts.append(f"{path}:{value.line}: {value.text} has no value in this file")
        return
    said = version_in(value.text)
    if said is None:
        return
    # Every other loader of YAML reads a number here.
    lost = not value.quoted and _TRIMMED.fullmatch(value.text) is not None
    why = f"YAML reads {value.text} without quotes as {value.text.rstrip('0')}" if lost else ""
    claims.append(PythonClaim("ci", path, value.line, value.text, *said, why))


def _is_image_name(value: _Value) -> bool:
    """Whether it is the name below an `image:`, the longer form of GitLab's pipelines."""
    return value.key == _IMAGE_NAME and "python:" in value.text and " " not in value.text


def _of_image(path: str, value: _Value, values: Sequence[_Value]) -> Iterator[PythonClaim]:
    text = value.text
    for one in values:
        text = text.replace(f"${{{one.key}}}", one.text).replace(f"${one.key}", one.text)
    said = version_of(read_reference(text))
    if said is not None:
        yield PythonClaim("ci", path, value.line, text, *said)
