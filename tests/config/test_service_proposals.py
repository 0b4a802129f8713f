from hotelctl.config import service_proposals
from tests.facts.found.test_survey import surveyed
from tests.services.shapes import DJANGO, EXPRESS, FASTAPI, FLASK, Files


def proposed(files: Files) -> str:
    return "\n".join(line for part in service_proposals.parts(surveyed(files)) for line in part)


def test_none_of_it_sets_anything() -> None:
    assert [line for line in proposed(FASTAPI).splitlines() if not line.startswith("#")] == []


def test_commands_fit_what_was_found() -> None:
    assert '"uvicorn", "yourpackage:app"' in proposed(FASTAPI)
    assert '"gunicorn"' in proposed(FLASK)
    assert '"{venv}/bin/python", "-m", "yourpackage"' in proposed(DJANGO)
    assert '"npx", "vitest"' in proposed(EXPRESS)
    assert '"-m", "pytest"' in proposed(FASTAPI)


def test_scripts_are_repeated_with_their_place_and_without_secrets() -> None:
    assert "# package.json script start: node server.js (package.json:4)" in proposed(EXPRESS)
    script = '{"scripts": {"start": "DB=postgres://u:hunter2secret@db/x node ."}}'
    assert "hunter2secret" not in proposed({"package.json": script})


def test_the_database_is_the_one_that_the_code_reads() -> None:
    assert '#: url_env = "NOTES_DATABASE_URL"' in proposed(
        {"a.py": "import os\nos.environ['NOTES_DATABASE_URL']\n"}
    )


def test_hashed_requirements_are_proposed_or_missed() -> None:
    assert "No requirements with hashes" in proposed(FLASK)
    locked = proposed({"lock.py": "", "requirements.txt": "a==1 --hash=sha256:00\n"})
    assert "No requirements with hashes" not in locked
    assert '#: requirements = "requirements.txt"' in locked
