import pytest

from hotelctl.facts.found.place import Found
from hotelctl.facts.found.python_project import PythonProject, is_python_file, python_project
from tests.services.shapes import DJANGO, FASTAPI, FLASK, Files


def project(files: Files) -> PythonProject:
    found = python_project({name: text for name, text in files.items() if isinstance(text, str)}, {})
    assert found is not None
    return found


def test_a_pyproject_says_name_version_backend_and_packages() -> None:
    found = project(FASTAPI)
    assert found.name == Found("Guest_Book", "pyproject.toml", 6)
    assert found.version_file == Found("1.4.0", "pyproject.toml", 7)
    assert found.backend == Found("hatchling.build", "pyproject.toml", 3)
    assert found.packages == {"fastapi", "sqlalchemy", "alembic"}
    assert found.hashed == ()


def test_setup_files_and_requirements_say_the_same() -> None:
    found = project(FLASK)
    assert found.name == Found("shop", "setup.cfg", 2)
    assert found.packages == {"flask", "gunicorn"}
    assert project(DJANGO).packages == {"django", "psycopg"}
    by_call = project({"setup.py": "from setuptools import setup\nsetup(\n    name='old',\n)\n"})
    assert by_call.name == Found("old", "setup.py", 3)


def test_requirements_with_hashes_are_told_apart() -> None:
    found = project({"requirements.txt": "a==1\n", "lock/requirements.txt": "a==1 --hash=sha256:00\n"})
    assert found.hashed == ("lock/requirements.txt",)


def test_poetry_declares_its_version_elsewhere() -> None:
    found = project({"pyproject.toml": '[tool.poetry]\nname = "p"\nversion = "2.1"\n'})
    assert found.version_file == Found("2.1", "pyproject.toml", 3)


def test_poetry_names_its_packages_elsewhere() -> None:
    found = project(
        {"pyproject.toml": '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\nFlask = "3"\n'}
    )
    assert found.name == Found("p", "pyproject.toml", 2)
    assert found.packages == {"flask"}


@pytest.mark.parametrize(
    "text", ["[project\n", '[project]\nname = ["x"]\nversion = 1\ndependencies = "x"\n', "project = 1\n", ""]
)
def test_broken_files_say_nothing_and_raise_nothing(text: str) -> None:
    doubts: dict[str, str] = {}
    found = python_project({"pyproject.toml": text, "setup.cfg": "name\n", "setup.py": text}, doubts)
    assert found is not None
    assert (found.name, found.version_file, found.packages) == (None, None, frozenset())
    assert doubts.keys() <= {"pyproject.toml"}
    assert bool(doubts) is (text == "[project\n")


def test_other_files_are_no_python_project() -> None:
    assert python_project({"readme.md": ""}, {}) is None
    assert is_python_file("a/requirements/dev.in")
    assert not is_python_file("a/notes.txt")
