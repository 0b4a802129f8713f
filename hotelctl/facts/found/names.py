"""Which files tell something of a project by their names alone, and which are looked into."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from hotelctl.facts.compose import is_compose
from hotelctl.facts.dockerfile_names import looks_like_dockerfile
from hotelctl.facts.dockerfile_names import order as dockerfile_order
from hotelctl.facts.found.place import nearest
from hotelctl.facts.test_files import is_test_file

# Never entered: what others wrote, and what tools made.
_FOREIGN = """
.git .hg .svn node_modules bower_components vendor .venv venv virtualenv site-packages __pycache__ .tox .nox
.eggs .mypy_cache .ruff_cache .pytest_cache .next .nuxt .svelte-kit .turbo .cache .hotelctl dist target
htmlcov .terraform .idea .vscode
"""
_NOT_ENTERED = frozenset(_FOREIGN.split())
_EXAMPLE = re.compile(r"\.?env[.-](example|sample|template|dist|defaults?)|(example|sample)\.env")
_ENV = re.compile(r"\.env(\.[A-Za-z0-9_-]+)*")
_WORKFLOW = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|Jenkinsfile"
    r"|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.drone\.yml|\.woodpecker\.ya?ml"
)
_RESULTS = re.compile(r"(.*/)?([\w.-]*junit[\w.-]*|TEST-[^/]+|test-?results?/[^/]+)\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """Paths relative to the project, the nearest to its root first."""

    dockerfiles: tuple[str, ...]
    compose: tuple[str, ...]
    examples: tuple[str, ...]
    env_files: tuple[str, ...]
    workflows: tuple[str, ...]
    tests: tuple[str, ...]
    results: tuple[str, ...]


def entered(directory: str) -> bool:
    """Whether a directory of the project holds what its own people wrote."""
    return PurePosixPath(directory).name not in _NOT_ENTERED


def is_result(path: str) -> bool:
    """Whether a file of this name mostly holds what tests ended with, as JUnit XML; no pattern is one."""
    return _RESULTS.fullmatch(path) is not None and not set(path) & set("*?[")


def by_name(names: Iterable[str]) -> NamedFiles:
    """What the names of all files tell."""
    ordered = sorted(names, key=nearest)
    last = {path: path.rpartition("/")[2] for path in ordered}
    examples = tuple(path for path in ordered if _EXAMPLE.fullmatch(last[path]))
    return NamedFiles(
        dockerfiles=tuple(sorted(filter(looks_like_dockerfile, ordered), key=dockerfile_order)),
        compose=tuple(filter(is_compose, ordered)),
        examples=examples,
        env_files=tuple(path for path in ordered if _ENV.fullmatch(last[path]) and path not in examples),
        workflows=tuple(filter(_WORKFLOW.fullmatch, ordered)),
        tests=tuple(filter(is_test_file, ordered)),
        results=tuple(filter(is_result, ordered)),
    )
