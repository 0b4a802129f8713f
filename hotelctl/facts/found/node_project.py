"""What package.json says of a Node project."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.facts.found.place import Found, first_line, nearest

FILE = "package.json"
_DEPENDENCIES = ("dependencies", "devDependencies")


@dataclass(frozen=True, slots=True)
class NodeProject:
    """The package nearest to the root; `scripts` and `packages` are those of every package in the project."""

    root: str
    name: Found | None
    version: Found | None
    scripts: Mapping[str, Found]
    packages: frozenset[str]


def node_project(texts: Mapping[str, str], doubts: dict[str, str]) -> NodeProject | None:
    """All that they say; None where no package.json can be read. `doubts` takes what is broken."""
    own = sorted((path for path in texts if path.rpartition("/")[2] == FILE), key=nearest)
    read = [(path, one) for path in own if (one := _object(path, texts[path], doubts)) is not None]
    if not read:
        return None
    scripts = dict(reversed([pair for path, one in read for pair in _scripts(path, texts[path], one)]))
    names = [found for path, one in read if (found := _text(path, texts[path], one, "name"))]
    versions = [found for path, one in read if (found := _text(path, texts[path], one, "version"))]
    return NodeProject(
        root=read[0][0].rpartition("/")[0],
        name=names[0] if names else None,
        version=versions[0] if versions else None,
        scripts=scripts,
        packages=frozenset(name for _path, one in read for name in _packages(one)),
    )


def _object(path: str, text: str, doubts: dict[str, str]) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        doubts[path] = f"is not JSON: {error.msg} (line {error.lineno})"
        return None
    except RecursionError:
        doubts[path] = "is nested too deeply"
        return None
    if not isinstance(found, dict):
        doubts[path] = "is no JSON object"
        return None
    return found


def _text(path: str, text: str, data: Mapping[str, Any], key: str) -> Found | None:
    value = data.get(key)
    return Found(value, path, first_line(text, rf'"{key}"\s*:')) if isinstance(value, str) and value else None


def _scripts(path: str, text: str, data: Mapping[str, Any]) -> Iterator[tuple[str, Found]]:
    scripts = data.get("scripts")
    for name, command in scripts.items() if isinstance(scripts, dict) else ():
        if isinstance(command, str):
            at = text.find(f'"{name}"', text.find('"scripts"'))
            yield name, Found(command, path, text.count("\n", 0, at) + 1 if at >= 0 else None)


def _packages(data: Mapping[str, Any]) -> Iterator[str]:
    for key in _DEPENDENCIES:
        given = data.get(key)
        yield from given if isinstance(given, dict) else ()
