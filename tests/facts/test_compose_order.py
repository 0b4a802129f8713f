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
    found = compose_file("deploy/.env", text.encode())
    assert (found.files if found else ()) == files
    assert found is None or found.settles == "deploy"


def test_what_they_name_lies_beside_the_first_one() -> None:
    found = compose_file(".env", b"A=1\nCOMPOSE_FILE=infra/a.yml:b.yml\n")
    assert found is not None
    assert (found.directory, str(found.place), found.settles) == ("infra", ".env:2", "")
