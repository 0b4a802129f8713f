import pytest

from hotelctl.facts.code_scan import LIMIT_BYTES
from hotelctl.facts.found.place import Found
from hotelctl.facts.found.survey import Survey, survey, worth_reading
from tests.services.shapes import BROKEN, EMPTY, EXPRESS, FASTAPI, SHAPES, Files, contents


def surveyed(files: Files) -> Survey:
    """What is found where these files are all; of large ones only that they are."""
    read = {name: data for name, data in contents(files).items() if worth_reading(name)}
    large = {name: "is too large" for name, data in read.items() if len(data) > LIMIT_BYTES}
    return survey("place", files, {**read, **large})


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_surveyed(files: Files) -> None:
    found = surveyed(files)
    assert found.name.value
    assert found.doubts.keys() <= BROKEN.keys()


def test_all_parts_of_a_python_service_are_found() -> None:
    found = surveyed(FASTAPI)
    assert found.name.value == "Guest_Book"
    assert found.version_file == Found("1.4.0", "pyproject.toml", 7)
    assert {name for read in found.reads.reads for name in read.names} == {
        "DATABASE_URL",
        "STRIPE_SECRET_KEY",
        "LOG_LEVEL",
        "HOME",
    }
    assert [route.path.value for route in found.routes] == ["/healthz"]
    assert found.migrations[0].directory == "migrations"
    assert list(found.examples) == [".env.example"]


def test_what_a_script_composes_is_found_as_one() -> None:
    files = {
        "docker-compose.yml": b"services: {a: {build: .}}",
        "docker-compose.prod.yml": b"services: {a: {ports: ['1:1']}}",
        "bin/up": b"docker compose -f docker-compose.yml -f docker-compose.prod.yml up",
        "bin/tool": b"\xff\xfe",
    }
    found = surveyed(files)
    assert [one.name for one in found.compose.compositions] == [
        "docker-compose.yml + docker-compose.prod.yml"
    ]
    assert found.doubts == {}


def test_a_node_service_names_itself() -> None:
    found = surveyed(EXPRESS)
    assert found.name.value == "@acme/rooms-api"
    assert found.version_file == Found("2.1.0", "package.json", 3)


def test_a_project_without_a_name_is_called_by_its_directory() -> None:
    assert surveyed(EMPTY).name == Found("place", "the directory's name")


def test_what_cannot_be_read_is_told_with_its_reason() -> None:
    found = surveyed(BROKEN)
    assert found.doubts["pyproject.toml"].startswith("is not TOML")
    assert found.doubts["package.json"].startswith("is not JSON")
    assert found.doubts[".env.example"] == "is not UTF-8 (byte 10)"
    assert found.doubts["big.js"] == found.reads.skipped["big.js"] == "is too large"
    assert found.reads.skipped["broken.py"].startswith("is no Python")
    assert "COLOUR" in {name for read in found.reads.reads for name in read.names}


def test_tests_are_no_sources() -> None:
    found = surveyed({"tests/test_a.py": "import os\nos.environ['ONLY_IN_TESTS']\n"})
    assert found.reads.reads == ()


@pytest.mark.parametrize(
    "path", ["tests/data/large.yaml", "tests/test_a.py", "a.png", "node_modules/x/tests/a.js"]
)
def test_files_that_could_tell_nothing_are_not_read(path: str) -> None:
    assert not worth_reading(path)
