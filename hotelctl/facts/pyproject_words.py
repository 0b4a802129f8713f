"""What single words in pyproject.toml may be: each kind refuses what the specification does not allow.

Source: the packaging specifications "pyproject.toml", "Entry points", "Core metadata"; PEP 517, 639, 794.
"""

import re
from collections.abc import Callable
from typing import Annotated

from packaging.licenses import canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from pydantic import AfterValidator, Field

_CATEGORIES = (
    "Development Status", "Environment", "Framework", "Intended Audience", "License", "Natural Language",
    "Operating System", "Private", "Programming Language", "Topic", "Typing",
)  # fmt: skip
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_BACKEND = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*)?")
_GROUP = re.compile(r"\w+(\.\w+)*")
_IMPORT = re.compile(r"([^\W\d]\w*(\.[^\W\d]\w*)*(\s*;\s*private)?)?")
_OBJECT = re.compile(r"\s*[A-Za-z_][\w.]*\s*:\s*[A-Za-z_][\w.]*\s*(\[.*\])?\s*")
_OBJECT_OR_MODULE = re.compile(r"\s*[A-Za-z_][\w.]*\s*(:\s*[A-Za-z_][\w.]*\s*)?(\[.*\])?\s*")
_WIDEST_LABEL = 32


def _understood(read: Callable[[str], object], words: str) -> AfterValidator:
    """What `read` takes; for all else `words` say what it is not."""

    def told(text: str) -> str:
        try:
            read(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is {words}") from error
        return text

    return AfterValidator(told)


def _object(text: str) -> str:
    if not _OBJECT.fullmatch(text):
        raise ValueError(f"{text!r} names no object, such as package.module:function")
    return text


def _reference(text: str) -> str:
    if not _OBJECT_OR_MODULE.fullmatch(text):
        raise ValueError(f"{text!r} names no module or object of one, such as package.module:function")
    return text


def _backend(text: str) -> str:
    if not _BACKEND.fullmatch(text):
        raise ValueError(f"{text!r} names no module or object of one, such as hatchling.build")
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is no e-mail address")
    return text


def _person(text: str) -> str:
    if "," in text:
        raise ValueError(f"{text!r} holds a comma, which parts one person from the next in the metadata")
    return text


def _classifier(text: str) -> str:
    if text.split(" :: ", maxsplit=1)[0] not in _CATEGORIES or " :: " not in text:
        raise ValueError(f"{text!r} is no classifier: each begins as {_CATEGORIES[0]} :: or the like")
    return text


def _path(text: str) -> str:
    if not text or text.startswith("/") or "\\" in text or ".." in text.split("/"):
        raise ValueError(f"{text!r} is no path inside of the project with / between its names")
    return text


def _shown(text: str) -> str:
    if not text.lower().endswith((".md", ".rst", ".txt")):
        raise ValueError(f"{text!r} ends in none of .md, .rst, .txt, so its content-type must be said")
    return text


def pattern_is_sound(text: str) -> bool:
    """Whether it is a pattern of files inside of the project."""
    parts = text.split("/")
    starred = any("**" in one and one != "**" for one in parts)
    return not starred and all(part not in ("", ".", "..") for part in parts) and "\\" not in text


def _pattern(text: str) -> str:
    if not pattern_is_sound(text):
        raise ValueError(f"{text!r} is no pattern of files inside of the project, with / between its names")
    return text


def _group(text: str) -> str:
    if text in ("console_scripts", "gui_scripts"):
        other = "project.scripts" if text == "console_scripts" else "project.gui-scripts"
        raise ValueError(f"{text} stands in {other}")
    if not _GROUP.fullmatch(text):
        raise ValueError(f"{text!r} is no name of a group: words with dots between them")
    return text


def _entry(text: str) -> str:
    if text != text.strip() or "=" in text or text.startswith("["):
        raise ValueError(f"{text!r} is no name of an entry point: no =, no [ or space at its ends")
    return text


def _import(text: str) -> str:
    if not _IMPORT.fullmatch(text):
        raise ValueError(f"{text!r} is no name that can be imported")
    return text


def _label(text: str) -> str:
    if len(text) > _WIDEST_LABEL:
        raise ValueError(f"the label {text!r} is longer than {_WIDEST_LABEL} characters")
    return text


AsRequirement = Annotated[str, _understood(Requirement, "no requirement")]
AsVersion = Annotated[str, _understood(Version, "no version")]
AsSpecifiers = Annotated[str, _understood(SpecifierSet, "no version specifier, such as >=3.11")]
AsLicence = Annotated[str, _understood(canonicalize_license_expression, "no SPDX licence expression")]
AsBackend = Annotated[str, AfterValidator(_backend)]
AsAddress = Annotated[str, AfterValidator(_address)]
AsPerson = Annotated[str, AfterValidator(_person)]
AsClassifier = Annotated[str, AfterValidator(_classifier)]
AsReadme = Annotated[str, AfterValidator(_shown)]
AsPath = Annotated[str, AfterValidator(_path)]
AsPattern = Annotated[str, AfterValidator(_pattern)]
AsGroup = Annotated[str, AfterValidator(_group)]
AsLabel = Annotated[str, AfterValidator(_label)]
AsImport = Annotated[str, AfterValidator(_import)]
Name = Annotated[str, Field(pattern=r"(?i)^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$")]
AsEntry = Annotated[str, AfterValidator(_entry)]
Scripts = dict[AsEntry, Annotated[str, AfterValidator(_object)]]
"""What is started is a function; what other programs load may be a module."""
EntryPoints = dict[AsEntry, Annotated[str, AfterValidator(_reference)]]
