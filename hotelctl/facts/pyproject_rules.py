"""What is wrong in a pyproject.toml: each place with the words of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from pydantic import ValidationError

from hotelctl.facts.pyproject import Pyproject
from hotelctl.facts.pyproject_table import PyprojectTable
from hotelctl.facts.pyproject_words import pattern_is_sound

_MARK = "Value error, "
_HOLDERS = {
    "flit_core.buildapi": "flit-core",
    "hatchling.build": "hatchling",
    "maturin": "maturin",
    "mesonpy": "meson-python",
    "pdm.backend": "pdm-backend",
    "poetry.core.masonry.api": "poetry-core",
    "scikit_build_core.build": "scikit-build-core",
    "setuptools.build_meta": "setuptools",
    "uv_build": "uv-build",
}
_WRONG_KIND = ("string_type", "model_type", "model_attributes_type")


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is the path of names to the place; elements of arrays are left out of it.

    `some_take_it` is true of what the specification lets a tool refuse and not every one does.
    """

    key: tuple[str, ...]
    message: str
    some_take_it: bool = False


def problems(file: Pyproject) -> Iterator[Problem]:
    """All of them, in the order of the file's tables; nothing for a file that is good."""
    try:
        PyprojectTable.model_validate(file.data)
    except ValidationError as error:
        yield from _refused([dict(item) for item in error.errors(include_url=False, include_input=False)])
        return
    yield from _backend(file)
    project = file.table("project")
    if project:
        yield from _version(project)
        yield from _twice(project)
        yield from _summary(project)
        yield from _licences(project)
        yield from _imports(project)
        yield from _alike(("project", "optional-dependencies"), project.get("optional-dependencies", {}))
        yield from _files(file, project)
    groups = file.table("dependency-groups")
    yield from _alike(("dependency-groups",), groups)
    yield from _groups(groups)


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
    return "[" not in part and part not in ("str", "FileOrText", "Readme", "Included")


def _version(project: Mapping[str, Any]) -> Iterator[Problem]:
    if "version" not in project and "version" not in project.get("dynamic", ()):
        yield Problem(("project",), "project.version is missing, and dynamic does not name it")


def _twice(project: Mapping[str, Any]) -> Iterator[Problem]:
    for name in project.get("dynamic", ()):
        if name in project:
            yield Problem(
                ("project", name), f"project.{name} is given, and dynamic says that the build gives it"
            )


def _summary(project: Mapping[str, Any]) -> Iterator[Problem]:
    if "\n" in project.get("description", "").strip():
        message = "project.description has several lines, and the metadata has room for one"
        yield Problem(("project", "description"), message, some_take_it=True)


def _licences(project: Mapping[str, Any]) -> Iterator[Problem]:
    said, files = project.get("license"), project.get("license-files")
    if isinstance(said, Mapping) and files is not None:
        message = "project.license-files goes with a licence in words, not with a table"
        yield Problem(("project", "license-files"), message)
    older = [one for one in project.get("classifiers", ()) if one.startswith("License ::")]
    if isinstance(said, str) and older:
        message = f"project.license says it, so the classifier {older[0]!r} may not say it again"
        yield Problem(("project", "classifiers"), message, some_take_it=True)


def _imports(project: Mapping[str, Any]) -> Iterator[Problem]:
    def names(key: str) -> set[str]:
        return {one.split(";")[0].strip() for one in project.get(key) or ()}

    for both in sorted(names("import-names") & names("import-namespaces")):
        message = f"project.import-namespaces has {both}, which import-names has, too"
        yield Problem(("project", "import-namespaces"), message)


def _alike(place: tuple[str, ...], named: Mapping[str, Any]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name in named:
        other = first.setdefault(canonicalize_name(name), name)
        if other != name:
            yield Problem((*place, name), f"{'.'.join((*place, name))} has the same name as {other}")


def _files(file: Pyproject, project: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("readme", "license"):
        name = _file_of(project, key)
        if name is not None and name not in file.beside:
            yield Problem(("project", key), f"project.{key} names {name}, which is not there")
    for pattern in project.get("license-files") or ():
        if pattern not in file.beside:
            message = f"project.license-files has {pattern}, which no file matches"
            yield Problem(("project", "license-files"), message)


def _groups(groups: Mapping[str, Any]) -> Iterator[Problem]:
    known = {canonicalize_name(name): items for name, items in groups.items()}
    for name, items in groups.items():
        for other in _included(items):
            if other not in known:
                message = f"dependency-groups.{name} includes {other}, which is none"
                yield Problem(("dependency-groups", name), message)
        if _includes_itself(canonicalize_name(name), known):
            message = f"dependency-groups.{name} includes itself, in the end"
            yield Problem(("dependency-groups", name), message)


def _included(items: Iterable[Any]) -> list[NormalizedName]:
    return [canonicalize_name(one["include-group"]) for one in items if isinstance(one, Mapping)]


def _includes_itself(name: NormalizedName, known: Mapping[NormalizedName, Any]) -> bool:
    reached: set[NormalizedName] = set()
    ahead = _included(known[name])
    while ahead:
        other = ahead.pop()
        if other in known and other not in reached:
            reached.add(other)
            ahead += _included(known[other])
    return name in reached


def _backend(file: Pyproject) -> Iterator[Problem]:
    system = file.table("build-system")
    backend, paths = system.get("build-backend"), system.get("backend-path")
    for path in paths or ():
        if path not in file.beside:
            message = f"build-system.backend-path has {path}, which is not there"
            yield Problem(("build-system", "backend-path"), message)
    if paths and not backend:
        yield Problem(("build-system",), "build-system.backend-path is given without a build-backend")
    holder = _HOLDERS.get(backend.split(":")[0]) if backend and not paths else None
    named = {canonicalize_name(Requirement(one).name) for one in system.get("requires", ())}
    # Any other package may bring the backend along, as hatch-vcs and setuptools-scm do.
    if holder and holder not in named and named <= {*_HOLDERS.values(), "wheel"}:
        message = f"build-system.requires lacks {holder}, which {backend} comes from"
        yield Problem(("build-system", "requires"), message)


def named_files(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that [project] names and the directories that a build backend lies in, from the project."""
    project = data.get("project")
    files = [_file_of(project, key) for key in ("readme", "license")] if isinstance(project, Mapping) else []
    return (*(name for name in files if name), *_words(data.get("build-system"), "backend-path"))


def named_patterns(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Patterns of files below the project, as `Path.glob` takes them."""
    return tuple(one for one in _words(data.get("project"), "license-files") if pattern_is_sound(one))


def _words(table: object, key: str) -> list[str]:
    words = table.get(key) if isinstance(table, Mapping) else None
    return [one for one in words if isinstance(one, str)] if isinstance(words, list) else []


def _file_of(project: Mapping[str, Any], key: str) -> str | None:
    """The file that the readme or the licence is said to be in; a licence in words is none."""
    said = project.get(key)
    name = said.get("file") if isinstance(said, Mapping) else said if key == "readme" else None
    return name if isinstance(name, str) else None
