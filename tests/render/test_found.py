from hotelctl.render.found import found_rows, missing_rows
from tests.facts.found.test_survey import surveyed
from tests.services.shapes import BROKEN, DJANGO, EMPTY, EXPRESS, FASTAPI, NEXT, Files


def rows(files: Files) -> dict[str, tuple[str, str]]:
    return {row["what"]: (row["value"], row["where"]) for row in found_rows(surveyed(files))}


def missing(files: Files) -> list[tuple[str, str]]:
    return [(row["what"], row["value"]) for row in missing_rows(surveyed(files))]


def test_what_is_there_stands_with_its_place() -> None:
    found = rows(FASTAPI)
    assert found["name"] == ("Guest_Book", "pyproject.toml:6")
    assert found["Python"] == ("fastapi", ".")
    assert found["migrations"] == ("alembic, 2 files", "migrations")
    assert found["variables"][0] == "4 read by the code"
    assert found["live route"] == ("/healthz", "book/main.py:12")
    assert found["tests"] == ("1", "tests/test_main.py")
    assert rows(EXPRESS)["Node"] == ("express", ".")


def test_what_cannot_be_used_says_why() -> None:
    assert rows(NEXT)["migrations"][0] == "prisma, 1 file"
    assert rows(DJANGO)["migrations"][0].startswith("django, 1 file; hotelctl does not run Django's ")


def test_what_was_looked_for_in_vain_is_said() -> None:
    said = missing(EMPTY)
    assert {what for what, _ in said} == {"not found"}
    assert [value for _, value in said] == [
        "tests",
        "results of tests (JUnit)",
        "Dockerfiles",
        "compose files",
        "env examples",
        "CI workflows",
        "migrations (Alembic, SQL, Prisma, Flyway, Django)",
        "variables that Python or JavaScript code reads",
        "a live route as a literal in the code",
        "a ready route as a literal in the code",
        "a version route as a literal in the code",
    ]
    assert ("not found", "tests") not in missing(FASTAPI)


def test_what_could_not_be_read_is_said_with_its_reason() -> None:
    said = dict(value.split(": ", 1) for what, value in missing(BROKEN) if what == "not read")
    assert set(said) == {"pyproject.toml", "package.json", ".env.example", "latin.py", "broken.py", "big.js"}


def test_services_of_a_compose_file_are_told() -> None:
    text = "services: {web: {build: .}, db: {image: 'postgres:16'}}\n"
    found = rows({"compose.yml": text})["services"]
    assert found == ("web (built here), db (postgres:16)", "compose.yml")
    over = {"compose.yml": text, "compose.override.yml": "services: {web: {ports: ['1:1']}}"}
    assert rows(over)["services"] == (found[0], "compose.yml + compose.override.yml")


def test_files_of_one_directory_are_told_with_its_name_once() -> None:
    names = ("a", "b", "c", "d")
    files = {f".github/workflows/{name}.yml": "on: push\n" for name in names}
    assert rows(files)["CI workflows"] == ("4", ".github/workflows: a.yml, b.yml, c.yml and 1 more")
    spread = {"a/Dockerfile": "FROM x", "b/Dockerfile": "FROM x"}
    assert rows(spread)["Dockerfiles"] == ("2", "a/Dockerfile, b/Dockerfile")
    assert rows({"a/Dockerfile": "FROM x"})["Dockerfiles"] == ("1", "a/Dockerfile")
