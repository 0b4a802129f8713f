from typing import Any

import pytest

from hotelctl.checks.build.pyproject_is_valid import pyproject_is_valid as check
from hotelctl.core.finding import Severity
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
        '[build-system]\nrequires = []\nbuild-backend = "own:hooks"\nbackend-path = ["."]\n',
        '[project]\nname = "a"\nversion = "1"\nlicense-files = ["py*.toml"]\n'
        'classifiers = ["Private :: Do Not Upload"]\nimport-names = ["a.b ; private", ""]\n'
        'readme = { text = "x", content-type = "Text/Markdown; charset=UTF-8" }\n'
        'authors = [{ name = "A B", email = "a@b.example" }]\n',
        '[project]\nname = "a"\nversion = "1"\n[project.entry-points]\n'
        'pytest11 = { a = "a.plugin", b = "a.plugin [extra]", c = "a.plugin : Plugin.made [extra]" }\n',
    ],
    ids=["poetry", "setup.py", "tools only", "dynamic", "own backend", "all kinds", "plug-ins"],
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
        (
            'requires = ["hatchling"]',
            'requires = ["setuptools"]',
            2,
            "lacks hatchling, which hatchling.build",
        ),
        ('"hatchling.build"', '"hatchling build"', 3, "'hatchling build' names no module"),
        ('version = "1.2.0"', 'version = "1"\nlicense-files = ["LICENSE*"]', 8, "which no file matches"),
        (
            'version = "1.2.0"',
            'version = "1"\nlicense-files = ["../LICENSE"]',
            8,
            "no pattern of files inside",
        ),
        ('version = "1.2.0"', 'version = "1"\nlicense = { }', 8, "either file or text"),
        (
            'version = "1.2.0"',
            'version = "1"\nlicense-files = []\nlicense = { text = "x" }',
            8,
            "with a table",
        ),
        ('version = "1.2.0"', 'version = "1"\nreadme = "README.doc"', 8, "content-type must be said"),
        ('version = "1.2.0"', 'version = "1"\nreadme = { text = "x" }', 8, "content-type is missing"),
        (
            'version = "1.2.0"',
            'version = "1"\nreadme = { text = "x", content-type = "text/html" }',
            8,
            "content-type is none of text/plain",
        ),
        ('version = "1.2.0"', 'version = "1"\nclassifiers = ["Programming :: Python"]', 8, "no classifier"),
        ('version = "1.2.0"', 'version = "1"\nauthors = [{ name = "A, B" }]', 8, "'A, B' holds a comma"),
        ('version = "1.2.0"', 'version = "1"\nauthors = [{ email = "A" }]', 8, "'A' is no e-mail address"),
        ('version = "1.2.0"', 'version = "1"\nimport-names = ["1a"]', 8, "'1a' is no name that can be"),
        (
            'version = "1.2.0"',
            'version = "1"\nentry-points = { console_scripts = { a = "b:c" } }',
            8,
            "console_scripts stands in project.scripts",
        ),
        (
            'version = "1.2.0"',
            'version = "1"\nentry-points = { pytest11 = { a = "b/c" } }',
            8,
            "'b/c' names no module or object",
        ),
        (
            'version = "1.2.0"',
            'version = "1"\nentry-points = { "a b" = { a = "b:c" } }',
            8,
            "no name of a group",
        ),
        ('version = "1.2.0"', 'version = "1"\nscripts = { "a=" = "b:c" }', 8, "no name of an entry point"),
    ],
)
def test_each_mistake_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    ((place, message),) = found(projects.pyproject(**{old: new}))
    assert place == f"pyproject.toml:{line}"
    assert words in message


def test_a_group_that_is_included_must_be_there() -> None:
    ((place, message),) = found(projects.pyproject('[dependency-groups]\nb = [{include-group = "a"}]\n'))
    assert (place, "includes a, which is none" in message) == ("pyproject.toml:14", True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "A"}]\n',
            "includes itself",
        ),
        ("[dependency-groups]\na-b = []\nA_b = []\n", "dependency-groups.A_b has the same name as a-b"),
        ("a-b = []\na_b = []\n", "a_b has the same name as a-b"),
    ],
)
def test_names_are_compared_as_installers_do(text: str, words: str) -> None:
    assert words in found(projects.pyproject(text))[0][1]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'license = "MIT"\nclassifiers = ["License :: OSI Approved :: MIT License"]',
            "may not say it again",
        ),
        ('description = "a\\nb"', "has several lines"),
    ],
)
def test_what_many_tools_take_is_a_note(said: str, words: str) -> None:
    text = projects.pyproject(**{'version = "1.2.0"': f'version = "1"\n{said}'})
    (finding,) = made.judged(check, read(text))
    assert (finding.severity, words in finding.message) == (Severity.LOW, True)


def test_an_import_name_stands_in_one_list() -> None:
    both = 'import-names = ["a; private", "b"]\nimport-namespaces = ["a"]'
    ((_, message),) = found(projects.pyproject(**{'version = "1.2.0"': f'version = "1"\n{both}'}))
    assert "has a, which import-names has, too" in message


def test_a_backend_of_the_project_itself_must_be_there() -> None:
    text = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["tools"]\n'
    assert "backend-path has tools, which is not there" in found(text)[0][1]
    assert made.judged(check, read(text, "tools/own.py")) == []
    without = text.replace('build-backend = "own"\n', "")
    ((message),) = [one.message for one in made.judged(check, read(without, "tools/own.py"))]
    assert "is given without a build-backend" in message


def test_a_plugin_may_bring_the_backend_along() -> None:
    assert found('[build-system]\nrequires = ["hatch-vcs"]\nbuild-backend = "hatchling.build"\n') == []


def test_a_file_of_ten_megabytes_is_not_read() -> None:
    world = World()
    world.write("pyproject.toml", "[project]\ndependencies = [" + "'rich>=14'," * 1_000_000 + "]\n")
    assert world.why_not(Pyproject) == (
        "Unavailable: pyproject.toml: has 11000028 bytes; more than 1000000 are not read"
    )


def test_what_is_no_toml_is_one_finding_with_its_line() -> None:
    ((place, message),) = found("[project]\nname = town\n")
    assert place == "pyproject.toml:2"
    assert "is not TOML" in message
