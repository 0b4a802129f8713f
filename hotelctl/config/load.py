"""Finding and reading the service file; every value remembers where it came from."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hotelctl.config.lines import line_of
from hotelctl.config.service import Environment, ServiceSpec
from hotelctl.config.template_names import misspelled
from hotelctl.core.errors import UsageError

FILE_NAME = "hotelctl.toml"
PYPROJECT = "pyproject.toml"
_SECTION = ("tool", "hotelctl")
BUNDLED = "hotelctl/app/service.toml"
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_ALIASES = {"schema_": "schema", "json_body": "json"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: a file and line, or `default`."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        """`path:line`, or the path alone."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


DEFAULT = Source("default")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The service, the chosen environment, the project's root, and the sources by dotted key."""

    spec: ServiceSpec
    environment_name: str
    environment: Environment
    project: Path
    file: Source
    sources: Mapping[str, Source]

    def source(self, key: str) -> Source:
        """Where the value of dotted `key` came from."""
        return self.sources.get(key, DEFAULT)


def load(project: Path, service: Path | None, environment: str) -> Configuration:
    """The configuration for `project`; without `service`, the first of the three usual places.

    Raises:
        UsageError: no file, not TOML, unknown keys, wrong values, unknown environment.

    """
    path = _find(project, service)
    text, shown = _read(path), _shown(path, project)
    data = _parsed(path, text, shown)
    spec = _validated(data, text, shown)
    _require_known_templates(spec, text, shown)
    chosen = _environment(spec, environment, shown)
    root = _root(path, project, named=service is not None)
    return Configuration(spec, environment, chosen, root, Source(shown), _sources(data, text, shown))


def _root(path: Path, project: Path, *, named: bool) -> Path:
    """The project that the file speaks of: where it stands, and for the bundled one its checkout."""
    place = path.resolve()
    if place.parts[-3:] == Path(BUNDLED).parts:
        return place.parents[2]
    return place.parent if named or path.name == FILE_NAME else project


def _parsed(path: Path, text: str, shown: str) -> dict[str, Any]:
    """The tables of the service file; of pyproject.toml only hotelctl's own."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_no_toml(text, shown, str(error)), "mend the file") from error
    if path.name != PYPROJECT:
        return data
    found = _section(data)
    if found is None:
        raise UsageError(f"{shown}: has no [tool.hotelctl]", f"write it, or name a {FILE_NAME}")
    return found


def _section(data: Mapping[str, Any]) -> dict[str, Any] | None:
    found: Any = data
    for part in _SECTION:
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _no_toml(text: str, shown: str, said: str) -> str:
    """`file:line: ...`, the place taken from the parser's own words."""
    place = _AT_LINE.search(said)
    words = _AT_LINE.sub("", said)
    line = place[1] if place and place[1] else max(1, len(text.splitlines()))
    return f"{shown}:{line}: is not TOML: {words}"


def _require_known_templates(spec: ServiceSpec, text: str, shown: str) -> None:
    for key, complaint in misspelled(spec):
        line = line_of(text, key.split("."))
        where = f"{shown}:{line}" if line else shown
        raise UsageError(f"{where}: {key}: {complaint}", "names in braces are filled in by hotelctl")


def _shown(path: Path, project: Path) -> str:
    resolved = path.resolve()
    inside = resolved.is_relative_to(project.resolve())
    return str(resolved.relative_to(project.resolve())) if inside else str(path)


def _find(project: Path, service: Path | None) -> Path:
    if service is not None:
        return service
    if (project / FILE_NAME).is_file():
        return project / FILE_NAME
    if (project / PYPROJECT).is_file() and _speaks_of_hotelctl(project / PYPROJECT):
        return project / PYPROJECT
    if (project / BUNDLED).is_file():
        return project / BUNDLED
    example = files("hotelctl") / "app/service.toml"
    raise UsageError(
        f"no {FILE_NAME} here, and this is not the checkout of the bundled service",
        f"write {FILE_NAME} or name one with --service; an example is {example}",
    )


def _speaks_of_hotelctl(pyproject: Path) -> bool:
    """Whether it holds the service; one that cannot be parsed does when it has the table's header."""
    text = _read(pyproject)
    try:
        return _section(tomllib.loads(text)) is not None
    except tomllib.TOMLDecodeError:
        return "[tool.hotelctl" in text


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "check the path given") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}:{line}: is not UTF-8", "save it as UTF-8") from error


def _validated(data: dict[str, Any], text: str, shown: str) -> ServiceSpec:
    try:
        return ServiceSpec.model_validate(data)
    except ValidationError as error:
        items = [dict(item) for item in error.errors(include_url=False, include_input=False)]
        # An element that is refused is also missing from its array: only the cause is told.
        items = [item for item in items if not _follows(item, items)]
        # A misspelled key is why another one is missing.
        items.sort(key=lambda item: item["type"] != "extra_forbidden")
        problems = [_problem(item, text, shown) for item in items]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        hint = "; ".join(problems[1:4]) or "see the example in the documentation of the service file"
        raise UsageError(problems[0] + more, hint) from error


def _follows(item: dict[str, Any], items: Sequence[dict[str, Any]]) -> bool:
    """Whether an array is called too short only because something inside it was refused."""
    place = item["loc"]
    inside = (other["loc"] for other in items if len(other["loc"]) > len(place))
    return item["type"] == "too_short" and any(loc[: len(place)] == place for loc in inside)


def _problem(item: dict[str, Any], text: str, shown: str) -> str:
    path = [str(part) for part in item["loc"]]
    line = line_of(text, path)
    where = f"{shown}:{line}" if line else shown
    key = ".".join(path)
    if item["type"] == "missing":
        return f"{where}: {key} is missing"
    if item["type"] != "extra_forbidden":
        return f"{where}: {key}: {item['msg']}"
    near = difflib.get_close_matches(path[-1], _known_keys(), n=1)
    did_you_mean = f"; did you mean {near[0]!r}?" if near else ""
    return f"{where}: unknown key {key!r}{did_you_mean}"


def _known_keys() -> list[str]:
    def walk(schema: dict[str, Any]) -> Iterator[str]:
        for definition in (schema, *schema.get("$defs", {}).values()):
            yield from definition.get("properties", {})

    return sorted({_ALIASES.get(key, key) for key in walk(ServiceSpec.model_json_schema())})


def _environment(spec: ServiceSpec, name: str, shown: str) -> Environment:
    if name in spec.environments:
        return spec.environments[name]
    if name == "local":
        return Environment()
    known = list(dict.fromkeys(("local", *spec.environments)))
    near = difflib.get_close_matches(name, known, n=1)
    did_you_mean = f"; did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"{shown}: no environment {name!r}{did_you_mean}", f"known: {', '.join(known)}")


def _sources(data: Mapping[str, Any], text: str, shown: str) -> dict[str, Source]:
    def walk(table: Mapping[str, Any], path: list[str]) -> Iterator[tuple[str, Source]]:
        for key, value in table.items():
            here = [*path, key]
            if isinstance(value, dict):
                yield from walk(value, here)
            else:
                yield ".".join(here), Source(shown, line_of(text, here))

    return dict(walk(data, []))
