"""deptry's findings about imports: how it is called, and what its answer means."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.facts.package_metadata import PackageMetadata
from hotelctl.facts.program_answer import json_of

PROGRAM = "deptry"
ENDS = (0, 1)
# Not asked: what is required and not imported, as plug-ins and servers are; and what only an extra requires.
# What is left, DEP001 and DEP003, differ in whether deptry's own environment happens to hold the package.
_IGNORED = "DEP002,DEP004,DEP005"
# deptry's own default. Said by us, it heeds no .ignore and .gitignore: neither can a package hide its imports
# by one, nor can one outside of it change the answer.
_LEFT_OUT = r"venv|\.venv|\.direnv|tests|\.git|setup\.py"
_READ = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class UndeclaredImport:
    """An import that the package's requirements do not name."""

    module: str
    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class DeclaredImports:
    """What it found in the installed package called `name`.

    `bringers` are the packages of the environment by the modules that they bring.
    """

    name: str
    argv: tuple[str, ...]
    exit_code: int | None
    findings: tuple[UndeclaredImport, ...]
    bringers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def command(
    tops: Sequence[str], settings: str, answer: str, modules: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """The words of a run over the directories `tops`, whose requirements stand in the file `settings`.

    `modules` are the import names of each package that is installed there: deptry itself runs elsewhere.
    """
    known = ",".join(f"{name}={'|'.join(names)}" for name, names in sorted(modules.items()))
    first = (word for top in tops for word in ("--known-first-party", top))
    mapped = ("--package-module-name-map", known) if known else ()
    return (
        *tops,
        "--config",
        settings,
        "--json-output",
        answer,
        "--ignore",
        _IGNORED,
        "--exclude",
        _LEFT_OUT,
        "--no-ansi",
        *first,
        *mapped,
    )


def sources(digests: Mapping[str, str]) -> bytes:
    """What deptry reads of files with these digests: of others not even the names matter to it."""
    read = ((name, digest) for name, digest in sorted(digests.items()) if name.endswith(_READ))
    return "".join(f"{digest} {name}\0" for name, digest in read).encode("utf-8", "surrogateescape")


def settings(package: PackageMetadata) -> str:
    """A pyproject.toml that says what the built package requires, whatever it was built from.

    What an extra asks for counts as declared.
    """
    extras: dict[str, list[str]] = {"all": []}
    plain: list[str] = []
    for line in package.requires:
        (extras["all"] if "extra ==" in line else plain).append(line.partition(";")[0].strip())
    quoted = "\n".join(
        f"{key} = {json.dumps(value)}"
        for key, value in (("name", package.name), ("version", package.version), ("dependencies", plain))
    )
    return f"[project]\n{quoted}\n[project.optional-dependencies]\nall = {json.dumps(extras['all'])}\n"


def findings(answer: str, code: int) -> tuple[UndeclaredImport, ...]:
    """What it wrote. Raises `Unavailable`: it is not what it promises, or contradicts its code."""
    items = json_of(PROGRAM, answer)
    try:
        found = tuple(_finding(item) for item in items)
    except (KeyError, TypeError) as error:
        raise Unavailable("deptry's answer is not the JSON that it promises") from error
    if (code == 0) is bool(found):
        raise Unavailable(f"deptry ended with {code} and named {len(found)} findings")
    return found


def _finding(item: Any) -> UndeclaredImport:  # noqa: ANN401 - JSON is any shape
    place = item["location"]
    line = place["line"]
    return UndeclaredImport(str(item["module"]), str(place["file"]), None if line is None else int(line))
