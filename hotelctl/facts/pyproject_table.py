"""What may stand in pyproject.toml outside of [tool], as a model that refuses everything else.

Source: the packaging specifications "pyproject.toml", "Dependency groups", "Entry points"; PEP 639.
"""

import re
from typing import Annotated, Any, Literal

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_OBJECT = re.compile(r"\s*[A-Za-z_][\w.]*\s*:\s*[A-Za-z_][\w.]*\s*(\[.*\])?\s*")
_WIDEST_LABEL = 32


def _requirement(text: str) -> str:
    try:
        Requirement(text)
    except InvalidRequirement as error:
        raise ValueError(f"{text!r} is no requirement") from error
    return text


def _version(text: str) -> str:
    try:
        Version(text)
    except InvalidVersion as error:
        raise ValueError(f"{text!r} is no version") from error
    return text


def _specifiers(text: str) -> str:
    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise ValueError(f"{text!r} is no version specifier, such as >=3.11") from error
    return text


def _licence(text: str) -> str:
    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression as error:
        raise ValueError(f"{text!r} is no SPDX licence expression") from error
    return text


def _object(text: str) -> str:
    if not _OBJECT.fullmatch(text):
        raise ValueError(f"{text!r} names no object, such as package.module:function")
    return text


def _label(text: str) -> str:
    if len(text) > _WIDEST_LABEL:
        raise ValueError(f"the label {text!r} is longer than {_WIDEST_LABEL} characters")
    return text


AsRequirement = Annotated[str, AfterValidator(_requirement)]
Scripts = dict[str, Annotated[str, AfterValidator(_object)]]
Name = Annotated[str, Field(pattern=r"(?i)^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$")]


class Table(BaseModel):
    """A TOML table: other keys and other kinds of values are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BuildSystem(Table):
    """What builds it."""

    requires: list[AsRequirement]
    backend: Annotated[str | None, Field(alias="build-backend")] = None
    backend_path: Annotated[list[str] | None, Field(alias="backend-path")] = None


class Person(Table):
    """An author or maintainer."""

    name: str | None = None
    email: str | None = None


class FileOrText(Table):
    """Words, or the file that holds them."""

    file: str | None = None
    text: str | None = None
    content_type: Annotated[str | None, Field(alias="content-type")] = None


class Project(Table):
    """[project]: what a build backend makes the metadata from."""

    name: Name
    version: Annotated[str, AfterValidator(_version)] | None = None
    description: str | None = None
    readme: str | FileOrText | None = None
    requires_python: Annotated[
        Annotated[str, AfterValidator(_specifiers)] | None, Field(alias="requires-python")
    ] = None
    license: Annotated[str, AfterValidator(_licence)] | FileOrText | None = None
    license_files: Annotated[list[str] | None, Field(alias="license-files")] = None
    authors: list[Person] = []
    maintainers: list[Person] = []
    keywords: list[str] = []
    classifiers: list[str] = []
    urls: dict[Annotated[str, AfterValidator(_label)], str] = {}
    scripts: Scripts = {}
    gui_scripts: Annotated[Scripts, Field(alias="gui-scripts")] = {}
    entry_points: Annotated[dict[str, Scripts], Field(alias="entry-points")] = {}
    dependencies: list[AsRequirement] = []
    optional_dependencies: Annotated[
        dict[Name, list[AsRequirement]], Field(alias="optional-dependencies")
    ] = {}
    import_names: Annotated[list[str] | None, Field(alias="import-names")] = None
    import_namespaces: Annotated[list[str] | None, Field(alias="import-namespaces")] = None
    dynamic: list[
        Literal[
            "version", "description", "readme", "requires-python", "license", "license-files", "authors",
            "maintainers", "keywords", "classifiers", "urls", "scripts", "gui-scripts", "entry-points",
            "dependencies", "optional-dependencies", "import-names", "import-namespaces",
        ]
    ] = []  # fmt: skip


class Included(Table):
    """A dependency group inside of another."""

    include_group: Annotated[str, Field(alias="include-group")]


class PyprojectTable(Table):
    """The whole file; what tools keep in it is their own business."""

    build_system: Annotated[BuildSystem | None, Field(alias="build-system")] = None
    project: Project | None = None
    dependency_groups: Annotated[
        dict[Name, list[AsRequirement | Included]], Field(alias="dependency-groups")
    ] = {}
    tool: dict[str, Any] = {}
