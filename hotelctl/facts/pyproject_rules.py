"""What is wrong in a pyproject.toml: each place with the words of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name
from pydantic import ValidationError

from hotelctl.facts.pyproject import Pyproject
from hotelctl.facts.pyproject_table import PyprojectTable

_MARK = "Value error, "
_WRONG_KIND = ("string_type", "model_type", "model_attributes_type")


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is the path of names to the place; elements of arrays are left out of it."""

    key: tuple[str, ...]
    message: str


def problems(file: Pyproject) -> Iterator[Problem]:
    """All of them, in the order of the file's tables; nothing for a file that is good."""
    try:
        PyprojectTable.model_validate(file.data)
    except ValidationError as error:
        yield from _refused([dict(item) for item in error.errors(include_url=False, include_input=False)])
        return
    project = file.table("project")
    if project:
        yield from _version(project)
        yield from _twice(project)
        yield from _files(file, project)
    yield from _groups(file.table("dependency-groups"))


def _refused(items: list[dict[str, Any]]) -> Iterator[Problem]:
    """One a key. A value of several kinds is refused for each of them: what is wrong inside of one counts."""
    found = [(_problem(item), item["type"] in _WRONG_KIND) for item in items]
    inside = [problem.key for problem, wrong_kind in found if not wrong_kind]
    told: set[tuple[str, ...]] = set()
    for problem, wrong_kind in found:
        better = wrong_kind and any(key[: len(problem.key)] == problem.key for key in inside)
        if not better and problem.key not in told:
            told.add(problem.key)
            yield problem


def _problem(item: dict[str, Any]) -> Problem:
    key = tuple(str(part) for part in item["loc"] if not isinstance(part, int) and _is_key(str(part)))
    if item["type"] == "missing":
        return Problem(key, f"{'.'.join(key)} is missing")
    if item["type"] == "extra_forbidden":
        return Problem(key, f"{'.'.join(key)} is no key of the specification")
    return Problem(key, f"{'.'.join(key)}: {str(item['msg']).removeprefix(_MARK)}")


def _is_key(part: str) -> bool:
    """Whether it is a name in the file, not the name of a kind of value or of a validator."""
    return "[" not in part and part not in ("str", "FileOrText", "Included")


def _version(project: Mapping[str, Any]) -> Iterator[Problem]:
    if "version" not in project and "version" not in project.get("dynamic", ()):
        yield Problem(("project",), "project.version is missing, and dynamic does not name it")


def _twice(project: Mapping[str, Any]) -> Iterator[Problem]:
    for name in project.get("dynamic", ()):
        if name in project:
            yield Problem(
                ("project", name), f"project.{name} is given, and dynamic says that the build gives it"
            )


def _files(file: Pyproject, project: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("readme", "license"):
        name = _file_of(project, key)
        if name is not None and name not in file.beside:
            yield Problem(("project", key), f"project.{key} names {name}, which is not there")


def _groups(groups: Mapping[str, Any]) -> Iterator[Problem]:
    known = {canonicalize_name(name) for name in groups}
    for name, items in groups.items():
        wanted = (one["include-group"] for one in items if isinstance(one, Mapping))
        for other in wanted:
            if canonicalize_name(other) not in known:
                yield Problem(
                    ("dependency-groups", name), f"dependency-groups.{name} includes {other}, which is none"
                )


def named_files(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that [project] names, relative to the project."""
    project = data.get("project")
    if not isinstance(project, Mapping):
        return ()
    return tuple(name for key in ("readme", "license") if (name := _file_of(project, key)))


def _file_of(project: Mapping[str, Any], key: str) -> str | None:
    """The file that the readme or the licence is said to be in; a licence in words is none."""
    said = project.get(key)
    name = said.get("file") if isinstance(said, Mapping) else said if key == "readme" else None
    return name if isinstance(name, str) else None
