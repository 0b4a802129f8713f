"""hotelctl runs the bundled service's tests from its own environment, which has no developer tools."""

import ast
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.test_requirements import pins
from tests.house.tracked import ROOT, files, name

SHARED = ("conftest.py", "tests/conftest.py", "tests/__init__.py")
RUN_BY_DEPLOY = [
    p for p in files(".py") if name(p).startswith(("tests/app/", "tests/plugins/")) or name(p) in SHARED
]
INSTALLED = pins((ROOT / "requirements/cli.txt").read_text())


@cache
def _distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def imported(source: str) -> set[str]:
    """The top names of all modules that this source imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _not_installed(path: Path) -> set[str]:
    """The modules which this test imports and hotelctl's environment lacks."""
    distributions = _distributions()
    foreign = imported(path.read_text()) - set(sys.stdlib_module_names) - {"tests", "hotelctl"}
    return {
        m for m in foreign if not {canonicalize_name(d) for d in distributions.get(m, [])} & set(INSTALLED)
    }


def test_the_tests_that_a_deploy_runs_need_no_developer_tool() -> None:
    assert RUN_BY_DEPLOY
    assert {name(path): lacks for path in RUN_BY_DEPLOY if (lacks := _not_installed(path))} == {}


def test_a_developer_tool_is_none_of_them() -> None:
    dev = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["dev"]
    assert {canonicalize_name(Requirement(one).name) for one in dev} & set(INSTALLED) == set()
    assert imported("import a.b, c\nfrom d.e import f\nfrom . import g\n") == {"a", "c", "d"}
