"""Finding and reading the service file; every value remembers where it came from."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hotelctl.config.environment import Environment
from hotelctl.config.lines import line_of
from hotelctl.config.service import ServiceSpec
from hotelctl.config.template_names import misspelled
from hotelctl.config.toml_model import model, read_text, tables
from hotelctl.core.errors import UsageError

FILE_NAME = "hotelctl.toml"
PYPROJECT = "pyproject.toml"
_SECTION = ("tool", "hotelctl")
BUNDLED = "hotelctl/app/service.toml"
FOUND = "what was found here"
_EXAMPLE = "see the example in the documentation of the service file"


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
    """The service, the chosen environment, the project's root, and the sources by dotted key.

    `given` are values of the release's environment that win over all others, where the caller gave some.
    `written` is false where there is no service file, and all that is known is what was found.
    """

    spec: ServiceSpec
    environment_name: str
    environment: Environment
    project: Path
    file: Source
    sources: Mapping[str, Source]
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    written: bool = True

    def source(self, key: str) -> Source:
        """Where the value of dotted `key` came from."""
        return self.sources.get(key, DEFAULT)

    def shown(self, path: Path) -> str:
        """The path as people find it: from the project where it is inside."""
        return str(path.relative_to(self.project) if path.is_relative_to(self.project) else path)

    def lacks(self, what: str, so: str) -> str:
        """A reason, for people: the service file does not say `what`, or there is none, and what follows."""
        if self.written:
            return f"{self.file}: has no {what}, so {so}"
        return f"there is no {FILE_NAME} with {what}, so {so}; hotelctl init writes one"

    def names_no(self, what: str) -> str:
        """A reason, for people: the question does not arise, as nothing names `what`."""
        if self.written:
            return f"the service file names no {what}"
        return f"no service file, so no {what} is named"


def load(project: Path, service: Path | None, environment: str) -> Configuration:
    """The configuration for `project`; without `service`, the first of the three usual places.

    Raises:
        UsageError: no file, not TOML, unknown keys, wrong values, unknown environment.

    """
    path = service or written_file(project)
    if path is None:
        raise UsageError(
            f"no {FILE_NAME} here, and this is not the checkout of the bundled service",
            "hotelctl init writes one from what it finds, or name one with --service",
        )
    text, shown = read_text(path), _shown(path, project)
    data = _parsed(path, text, shown)
    root = _root(path, project, named=service is not None)
    return _configuration(data, text, shown, environment, root)


def drafted(text: str, project: Path, environment: str) -> Configuration:
    """The configuration of a project without a service file: `text` is what would be written for it.

    Raises:
        UsageError: unknown environment.

    """
    found = _configuration(tables(text, FOUND), text, FOUND, environment, project)
    return replace(found, written=False)


def _configuration(
    data: Mapping[str, Any], text: str, shown: str, environment: str, root: Path
) -> Configuration:
    spec = model(ServiceSpec, data, text, shown, _EXAMPLE)
    _require_known_templates(spec, text, shown)
    chosen = _environment(spec, environment, shown)
    return Configuration(spec, environment, chosen, root, Source(shown), _sources(data, text, shown))


def _root(path: Path, project: Path, *, named: bool) -> Path:
    """The project that the file speaks of: where it stands, and for the bundled one its checkout."""
    place = path.resolve()
    if place.parts[-3:] == Path(BUNDLED).parts:
        return place.parents[2]
    return place.parent if named or path.name == FILE_NAME else project


def _parsed(path: Path, text: str, shown: str) -> dict[str, Any]:
    """The tables of the service file; of pyproject.toml only hotelctl's own."""
    data = tables(text, shown)
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


def _require_known_templates(spec: ServiceSpec, text: str, shown: str) -> None:
    for key, complaint in misspelled(spec):
        line = line_of(text, key.split("."))
        where = f"{shown}:{line}" if line else shown
        raise UsageError(f"{where}: {key}: {complaint}", "names in braces are filled in by hotelctl")


def _shown(path: Path, project: Path) -> str:
    resolved = path.resolve()
    inside = resolved.is_relative_to(project.resolve())
    return str(resolved.relative_to(project.resolve())) if inside else str(path)


def written_file(project: Path) -> Path | None:
    """The first of the three usual places that holds a service file; None where none does.

    Raises:
        UsageError: something else than a file stands in the first place.

    """
    if (project / FILE_NAME).is_file():
        return project / FILE_NAME
    if os.path.lexists(project / FILE_NAME):
        raise UsageError(f"{FILE_NAME} is there and is no plain file", "move it away")
    if (project / PYPROJECT).is_file() and _speaks_of_hotelctl(project / PYPROJECT):
        return project / PYPROJECT
    if (project / BUNDLED).is_file():
        return project / BUNDLED
    return None


def _speaks_of_hotelctl(pyproject: Path) -> bool:
    """Whether it holds the service; one that cannot be parsed does when it has the table's header."""
    text = read_text(pyproject)
    try:
        return _section(tomllib.loads(text)) is not None
    except (tomllib.TOMLDecodeError, RecursionError):
        return "[tool.hotelctl" in text


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
