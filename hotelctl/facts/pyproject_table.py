"""What may stand in pyproject.toml outside of [tool], as a model that refuses everything else.

Source: the packaging specifications "pyproject.toml", "Dependency groups"; PEP 639.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotelctl.facts.pyproject_words import (
    AsAddress,
    AsBackend,
    AsClassifier,
    AsGroup,
    AsImport,
    AsLabel,
    AsLicence,
    AsPath,
    AsPattern,
    AsPerson,
    AsReadme,
    AsRequirement,
    AsSpecifiers,
    AsVersion,
    EntryPoints,
    Name,
    Scripts,
)

_CONTENT_TYPES = ("text/plain", "text/x-rst", "text/markdown")


class Table(BaseModel):
    """A TOML table: other keys and other kinds of values are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BuildSystem(Table):
    """What builds it."""

    requires: list[AsRequirement]
    backend: Annotated[AsBackend | None, Field(alias="build-backend")] = None
    backend_path: Annotated[list[AsPath] | None, Field(alias="backend-path")] = None


class Person(Table):
    """An author or maintainer."""

    name: AsPerson | None = None
    email: AsAddress | None = None


class FileOrText(Table):
    """Words, or the file that holds them."""

    file: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Refuses a table with neither and one with both."""
        if (self.file is None) is (self.text is None):
            raise ValueError("it holds either file or text")
        return self


class Readme(FileOrText):
    """The description, with the language that it is written in."""

    content_type: Annotated[str, Field(alias="content-type")]

    @model_validator(mode="after")
    def shown(self) -> Self:
        """Refuses what no index shows."""
        if self.content_type.split(";")[0].strip().lower() not in _CONTENT_TYPES:
            raise ValueError(f"content-type is none of {', '.join(_CONTENT_TYPES)}")
        return self


class Project(Table):
    """[project]: what a build backend makes the metadata from."""

    name: Name
    version: AsVersion | None = None
    description: str | None = None
    readme: AsReadme | Readme | None = None
    requires_python: Annotated[AsSpecifiers | None, Field(alias="requires-python")] = None
    license: AsLicence | FileOrText | None = None
    license_files: Annotated[list[AsPattern] | None, Field(alias="license-files")] = None
    authors: list[Person] = []
    maintainers: list[Person] = []
    keywords: list[str] = []
    classifiers: list[AsClassifier] = []
    urls: dict[AsLabel, str] = {}
    scripts: Scripts = {}
    gui_scripts: Annotated[Scripts, Field(alias="gui-scripts")] = {}
    entry_points: Annotated[dict[AsGroup, EntryPoints], Field(alias="entry-points")] = {}
    dependencies: list[AsRequirement] = []
    optional_dependencies: Annotated[
        dict[Name, list[AsRequirement]], Field(alias="optional-dependencies")
    ] = {}
    import_names: Annotated[list[AsImport] | None, Field(alias="import-names")] = None
    import_namespaces: Annotated[list[AsImport] | None, Field(alias="import-namespaces")] = None
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
