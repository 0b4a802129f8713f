import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy import source
from hotelctl.deploy.operation import Operation
from tests.deploy.town import Town
from tests.deploy.town_command import Command

COMMIT = "a" * 40


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def operation(town: Town) -> Operation:
    town.sources["_commit.txt"] = "$Format:%H$"
    return Command(town).operation("d1", COMMIT)


def test_an_export_is_the_commit_and_nothing_of_an_earlier_attempt(town: Town, operation: Operation) -> None:
    left = operation.layout.source("d1") / "left" / "over.txt"
    town.files.write_durable(left, b"half")
    place = source.export(operation)
    assert place == operation.layout.source("d1")
    assert town.files.content[place / "_commit.txt"] == COMMIT.encode()
    assert not town.files.exists(left)


def test_dropping_it_can_be_repeated(town: Town, operation: Operation) -> None:
    place = source.export(operation)
    for _ in range(2):
        source.drop(operation)
        assert not town.files.exists(place)


def test_the_version_is_that_of_the_export(town: Town, operation: Operation) -> None:
    place = source.export(operation)
    assert source.version(operation, place) == "1.0"
    town.files.write_durable(place / "pyproject.toml", b'[project]\nversion = "2.5"\n')
    assert source.version(operation, place) == "2.5"


@pytest.mark.parametrize(
    "text", [None, b"", b"[project]\n", b"project = 1\n", b"[project", b"\xff", b'[project]\nname = "x"\n']
)
def test_without_a_version_the_step_says_where_to_write_it(
    town: Town, operation: Operation, text: bytes | None
) -> None:
    place = source.export(operation)
    town.files.remove(place / "pyproject.toml")
    if text is not None:
        town.files.write_durable(place / "pyproject.toml", text)
    with pytest.raises(StepFailed, match=r"^pyproject\.toml: no \[project\]\.version can be read$"):
        source.version(operation, place)
