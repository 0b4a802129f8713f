import pytest

from hotelctl.facts.compose_order import compose_file


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("COMPOSE_FILE=compose.yml:compose.prod.yml\n", ("deploy/compose.yml", "deploy/compose.prod.yml")),
        ('export COMPOSE_FILE="a.yml:../b.yml"\n', ("deploy/a.yml", "b.yml")),
        ("COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=a.yml, b.yml\n", ("deploy/a.yml", "deploy/b.yml")),
        ("D=prod\nCOMPOSE_FILE=a.yml:${D}.yml\n", ("deploy/a.yml", "deploy/prod.yml")),
        ("COMPOSE_FILE=a.yml:/etc/b.yml:../../c.yml:a.yml\n", ("deploy/a.yml",)),
        ("COMPOSE_FILE=\n", ()),
        ("COMPOSE_FILE\nOTHER=1\n", ()),
        ("\x00\n", ()),
    ],
)
def test_the_files_are_those_that_compose_would_take(text: str, files: tuple[str, ...]) -> None:
    assert compose_file("deploy/.env", text.encode()) == files
