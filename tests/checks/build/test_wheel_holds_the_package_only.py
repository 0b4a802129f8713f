from pathlib import Path

from hotelctl.checks.build.wheel_holds_the_package_only import wheel_holds_the_package_only as check
from hotelctl.core.finding import Severity
from tests.checks import made
from tests.checks.build import projects
from tests.checks.build.projects import PACKAGE

_TEST = "import pytest\n\n\ndef test_names() -> None:\n    assert pytest\n"


def include(*names: str) -> str:
    """The settings by which these top-level directories are packed."""
    return f"\n[tool.hatch.build.targets.wheel]\nonly-include = {list(names)}\n"


def test_a_package_is_fine_even_one_that_is_about_tests(tmp_path: Path) -> None:
    about = {
        **PACKAGE,
        "town/tests/test_of_streets.py": "def test_of_streets(names):\n    return [n for n in names if n]\n",
        "town/test_run.py": "class TestRun:\n    ...\n",
        "town/.env.example": "A=\n",
    }
    assert made.judged(check, projects.wheel(tmp_path, about)) == []


def test_a_top_level_package_of_tests_is_found_whatever_is_in_it(tmp_path: Path) -> None:
    files = {**PACKAGE, "tests/__init__.py": "", "tests/data.json": "{}"}
    (finding,) = made.judged(check, projects.wheel(tmp_path, files, include("town", "tests")))
    assert finding.severity is None
    assert "tests/__init__.py, tests/data.json" in finding.message


def test_tests_inside_of_the_package_are_milder(tmp_path: Path) -> None:
    files = {**PACKAGE, "town/tests/test_streets.py": _TEST, "town/conftest.py": "import pytest\n"}
    (finding,) = made.judged(check, projects.wheel(tmp_path, files))
    assert finding.severity is Severity.MEDIUM
    assert "tests inside of the package: town/conftest.py, town/tests/test_streets.py" in finding.message


def test_env_files_keys_and_history_are_found(tmp_path: Path) -> None:
    files = {
        **PACKAGE,
        "town/.env": "PASSWORD=hunter2\n",
        "town/server.key": "hunter2",
        "town/.git/HEAD": "ref",
    }
    settings = '\n[tool.hatch.build.targets.wheel.force-include]\n"town/.git/HEAD" = "town/.git/HEAD"\n'
    found = made.judged(check, projects.wheel(tmp_path, files, settings))
    assert sorted(one.subject for one in found) == ["a key", "an env file", "the git history"]


def test_caches_and_leavings_are_found(tmp_path: Path) -> None:
    data = projects.wheel_bytes(tmp_path)
    for name in (
        "town/__pycache__/streets.cpython-311.pyc",
        ".pytest_cache/README.md",
        "town/.DS_Store",
        "a.orig",
    ):
        (finding,) = made.judged(check, projects.opened(projects.added(data, name)))
        assert name in finding.message
