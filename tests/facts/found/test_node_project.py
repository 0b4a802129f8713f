import pytest

from hotelctl.facts.found.node_project import node_project
from hotelctl.facts.found.place import Found
from tests.services.shapes import EXPRESS


def test_a_package_says_name_version_scripts_and_dependencies() -> None:
    text = EXPRESS["package.json"]
    assert isinstance(text, str)
    found = node_project(
        {"package.json": text, "docs/package.json": '{"name": "docs", "scripts": {"start": "x"}}'}, {}
    )
    assert found is not None
    assert found.name == Found("@acme/rooms-api", "package.json", 2)
    assert found.version == Found("2.1.0", "package.json", 3)
    assert found.scripts["start"] == Found("node server.js", "package.json", 4)
    assert found.packages == {"express", "pg"}


@pytest.mark.parametrize("text", ['{"name": "x",}', "[1]", "", "[" * 200_000])
def test_a_broken_package_is_a_doubt(text: str) -> None:
    doubts: dict[str, str] = {}
    assert node_project({"package.json": text}, doubts) is None
    assert list(doubts) == ["package.json"]


def test_wrong_types_say_nothing() -> None:
    found = node_project({"package.json": '{"name": 1, "scripts": [], "dependencies": "x"}'}, {})
    assert found is not None
    assert (found.name, dict(found.scripts), found.packages) == (None, {}, frozenset())
