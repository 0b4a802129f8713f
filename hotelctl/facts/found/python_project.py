"""What pyproject.toml, setup.cfg, setup.py and requirement files say of a Python project."""

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.facts.found.place import Found, first_line, nearest

_REQUIREMENTS = re.compile(r"(.*/)?(requirements[^/]*|requirements/[^/]+)\.(txt|in)")
_PACKAGE = re.compile(r"^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)")
_SETUP_NAME = re.compile(r"""\bname\s*=\s*["']([^"']+)["']""")
FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_HASH = "--hash=sha256:"


@dataclass(frozen=True, slots=True)
class PythonProject:
    """`version_file` declares a version; `backend` is what builds it.

    `packages` are the direct requirements by their normalised names, `hashed` the files that hold hashes.
    """

    root: str
    name: Found | None
    version_file: Found | None
    backend: Found | None
    packages: frozenset[str]
    hashed: tuple[str, ...]


def is_python_file(path: str) -> bool:
    """Whether it says something of the project as a whole."""
    return path.rpartition("/")[2] in FILES or _REQUIREMENTS.fullmatch(path) is not None


def python_project(texts: Mapping[str, str], doubts: dict[str, str]) -> PythonProject | None:
    """All that the files say, the nearest to the root first; None without any.

    What is broken goes into `doubts`.
    """
    own = sorted((path for path in texts if is_python_file(path)), key=nearest)
    if not own:
        return None
    root = own[0].rpartition("/")[0]
    said = [
        one
        for path in own
        if path.endswith("pyproject.toml") and (one := _pyproject(path, texts[path], doubts))
    ]
    names = [one for one in (_name(table, path, texts[path]) for path, table in said) if one is not None]
    names += filter(None, (_setup(path, texts[path]) for path in own))
    requirements = {path: texts[path] for path in own if _REQUIREMENTS.fullmatch(path)}
    return PythonProject(
        root=root,
        name=names[0] if names else None,
        version_file=next(_versions(said, texts), None),
        backend=next(_backends(said, texts), None),
        packages=frozenset({*_asked(said), *_listed(requirements)}),
        hashed=tuple(path for path, text in requirements.items() if _HASH in text),
    )


def _pyproject(path: str, text: str, doubts: dict[str, str]) -> tuple[str, dict[str, Any]] | None:
    try:
        return path, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        doubts[path] = f"is not TOML: {error}"
        return None


def _table(data: Any, *keys: str) -> Any:  # noqa: ANN401 - TOML is any shape
    """What stands at the dotted key; None where it is not there."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _name(data: dict[str, Any], path: str, text: str) -> Found | None:
    for keys in (("project", "name"), ("tool", "poetry", "name")):
        if isinstance(found := _table(data, *keys), str):
            return Found(found, path, first_line(text, r"^[ \t]*name\s*="))
    return None


def _setup(path: str, text: str) -> Found | None:
    """The name that setup.cfg or setup.py gives as a literal."""
    if path.endswith("setup.cfg"):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(text)
        except configparser.Error:
            return None
        found = parser.get("metadata", "name", fallback="").strip()
        return Found(found, path, first_line(text, r"^name\s*[=:]")) if found else None
    hit = _SETUP_NAME.search(text) if path.endswith("setup.py") else None
    return Found(hit[1], path, text.count("\n", 0, hit.start()) + 1) if hit else None


def _versions(said: list[tuple[str, dict[str, Any]]], texts: Mapping[str, str]) -> Iterator[Found]:
    for path, data in said:
        own, poetry = _table(data, "project", "version"), _table(data, "tool", "poetry", "version")
        if isinstance(version := own or poetry, str):
            yield Found(version, path, first_line(texts[path], r"^[ \t]*version\s*="))


def _backends(said: list[tuple[str, dict[str, Any]]], texts: Mapping[str, str]) -> Iterator[Found]:
    for path, data in said:
        if isinstance(backend := _table(data, "build-system", "build-backend"), str):
            yield Found(backend, path, first_line(texts[path], r"^[ \t]*build-backend\s*="))


def _asked(said: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    for _path, data in said:
        given = _table(data, "project", "dependencies")
        yield from _packages(given if isinstance(given, list) else [])
        poetry = _table(data, "tool", "poetry", "dependencies")
        yield from _packages(list(poetry) if isinstance(poetry, dict) else [])


def _listed(requirements: Mapping[str, str]) -> Iterator[str]:
    for text in requirements.values():
        yield from _packages(text.splitlines())


def _packages(asked: list[Any]) -> Iterator[str]:
    for one in asked:
        hit = _PACKAGE.match(one) if isinstance(one, str) else None
        if hit:
            yield re.sub(r"[-_.]+", "-", hit[1]).lower()
