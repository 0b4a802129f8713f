from typing import Any

import pytest

from hotelctl.checks.build.pyproject_is_valid import pyproject_is_valid as check
from hotelctl.facts.pyproject import Pyproject
from tests.checks import made
from tests.checks.build import projects
from tests.house.tracked import ROOT
from tests.probes.worlds import World


def read(text: str, *beside: str) -> Pyproject:
    """The file as the probe reads it, with other files beside it."""
    world = World()
    world.write("pyproject.toml", text)
    for name in beside:
        world.write(name, "x")
    fact: Any = world.fact(Pyproject)
    assert isinstance(fact, Pyproject)
    return fact


def found(text: str) -> list[tuple[str, str]]:
    """Place and words of every finding."""
    return [(str(one.location), one.message) for one in made.judged(check, read(text))]


def test_the_files_of_real_projects_are_fine() -> None:
    for path in (ROOT / "pyproject.toml", ROOT / "tests/services/plain/pyproject.toml"):
        assert made.judged(check, read(path.read_text(), "README.md")) == []
    assert (
        found(projects.pyproject('[dependency-groups]\na = ["rich"]\nb = [{include-group = "A"}, "x>1"]\n'))
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        '[tool.poetry]\nname = "town"\n[build-system]\nrequires = ["poetry-core>=2"]\n'
        'build-backend = "poetry.core.masonry.api"\n',
        '[build-system]\nrequires = ["setuptools"]\n',
        "[tool.black]\nline-length = 100\n",
        '[project]\nname = "a"\ndynamic = ["version", "dependencies"]\n',
    ],
    ids=["poetry", "setup.py", "tools only", "dynamic"],
)
def test_projects_that_say_less_there_are_fine(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("rich>=14", "rich=>14", 9, "project.dependencies: 'rich=>14' is no requirement"),
        ('">=3.11"', '"3.11+"', 8, "'3.11+' is no version specifier"),
        ("1.2.0", "one", 7, "'one' is no version"),
        ('"town"', '"to wn"', 6, "project.name: String should match"),
        ("version =", "verison =", 7, "project.verison is no key"),
        ('version = "1.2.0"', 'version = "1"\ndynamic = ["version"]', 7, "the build gives it"),
        ('version = "1.2.0"', "", 5, "project.version is missing"),
        ('version = "1.2.0"', 'version = "1"\nreadme = "READ.md"', 8, "names READ.md, which is not there"),
        ('version = "1.2.0"', 'version = "1"\nlicense = "My Own"', 8, "'My Own' is no SPDX"),
        ('version = "1.2.0"', 'version = "1"\nscripts = { a = "b c" }', 8, "'b c' names no object"),
        ("stripe>=16", "stripe>>16", 12, "'stripe>>16' is no requirement"),
        ('requires = ["hatchling"]', "", 1, "build-system.requires is missing"),
        ("[build-system]", "[build_system]", 1, "build_system is no key"),
    ],
)
def test_each_mistake_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    ((place, message),) = found(projects.pyproject(**{old: new}))
    assert place == f"pyproject.toml:{line}"
    assert words in message


def test_a_group_that_is_included_must_be_there() -> None:
    ((place, message),) = found(projects.pyproject('[dependency-groups]\nb = [{include-group = "a"}]\n'))
    assert (place, "includes a, which is none" in message) == ("pyproject.toml:14", True)


def test_what_is_no_toml_is_one_finding_with_its_line() -> None:
    ((place, message),) = found("[project]\nname = town\n")
    assert place == "pyproject.toml:2"
    assert "is not TOML" in message
