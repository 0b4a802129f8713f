import tomllib
from pathlib import Path
from typing import Any

import pytest

from hotelctl.config.load import drafted
from hotelctl.config.service_draft import service_draft, service_name
from tests.facts.found.test_survey import surveyed
from tests.services.shapes import BROKEN, DJANGO, EMPTY, EXPRESS, FASTAPI, NEXT, SHAPES, TWO_PARTS, Files


def read(files: Files, contract: str | None = None) -> dict[str, Any]:
    """The tables of the draft."""
    return tomllib.loads(service_draft(surveyed(files), contract))


def named(name: str) -> str:
    return service_name(surveyed({"package.json": f'{{"name": "{name}"}}'}))


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_the_own_reader_accepts_every_draft(files: Files) -> None:
    found = drafted(service_draft(surveyed(files), "env.toml"), Path("/project"), "local")
    assert not found.written
    assert (found.spec.build_, found.spec.run_, found.spec.health_) == (None, None, None)


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_every_proposal_is_accepted_too_once_its_mark_is_taken_away(files: Files) -> None:
    text = service_draft(surveyed(files), None)
    marked = [line for line in text.splitlines() if line.startswith("#: ")]
    taken = text.replace("#: ", "")
    found = drafted(taken, Path("/project"), "production")
    assert len(marked) > 15
    assert found.spec.health.live
    assert found.spec.tests is not None
    assert found.environment.profile == "production"


def test_what_was_found_is_set_with_its_place() -> None:
    text = service_draft(surveyed(FASTAPI), "env.toml")
    assert tomllib.loads(text) == {
        "schema": "hotelctl.service/1",
        "service": {"name": "guest-book", "title": "Guest_Book", "version_file": "pyproject.toml"},
        "env": {"contract": "env.toml", "example": ".env.example", "files": [".env"]},
        "migrations": {"kind": "alembic", "directory": "migrations"},
    }
    assert 'name = "guest-book"  # pyproject.toml:6' in text
    assert "# live: /healthz (book/main.py:12)" in text
    assert "# ready: no route was found in the code" in text
    assert "# CI: .github/workflows/test.yml" in text


def test_sql_is_read_and_what_cannot_be_read_is_said() -> None:
    assert read(EXPRESS)["migrations"] == {"kind": "sql", "directory": "db/migrations"}
    assert read(NEXT)["migrations"] == {"kind": "prisma", "directory": "prisma/migrations"}
    django = read(DJANGO)["migrations"]
    assert (django["kind"], django["directory"]) == ("other", "rooms/migrations")
    assert "does not run Django" in django["why"]
    both = service_draft(surveyed({**EXPRESS, **DJANGO}), None)
    assert tomllib.loads(both)["migrations"]["kind"] == "sql"
    assert "# not read: rooms/migrations (django, " in both


def test_env_files_are_those_beside_the_example() -> None:
    assert read(TWO_PARTS)["env"]["files"] == [".env"]
    assert read({"api/.env.example": "A=1\n"})["env"] == {
        "example": "api/.env.example",
        "files": ["api/.env"],
    }
    assert read({"api/.env": "", "api/.env.local": "", "web/.env": ""})["env"] == {
        "files": ["api/.env", "api/.env.local"]
    }
    assert "env" not in read(EMPTY)


def test_results_of_tests_that_lie_there_are_read() -> None:
    results = {"out/junit.xml": "<testsuite/>", "test_a.py": ""}
    assert read(results)["tests"] == {"results": ["out/junit.xml"]}
    assert "#: [tests]" not in service_draft(surveyed(results), None)
    assert "tests" not in read(FASTAPI)


def test_broken_files_are_named_in_it() -> None:
    text = service_draft(surveyed(BROKEN), None)
    assert "# pyproject.toml: is not TOML" in text
    assert "# big.js: is too large" in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("@acme/rooms-api", "acme-rooms-api"),
        ("42", "service"),
        ("3D_Printer", "d-printer"),
        ("x" * 80, "x" * 41),
        ("ümlaut", "mlaut"),
        ("---", "service"),
    ],
)
def test_a_name_is_spelled_as_service_files_spell_it(name: str, expected: str) -> None:
    assert named(name) == expected


def test_foreign_text_sets_nothing() -> None:
    evil = 'x"]\\n[build]\\ncommand = ["rm"]\\n#'
    text = service_draft(
        surveyed({"package.json": f'{{"name": "{evil.replace(chr(34), chr(92) + chr(34))}"}}'}), None
    )
    assert "build" not in tomllib.loads(text)


def test_what_compose_files_say_is_taken_over() -> None:
    files = {
        "web/Dockerfile": "FROM x\n",
        "compose.yml": "services:\n  web:\n    build: ./web\n    ports: ['80:5000']\n    env_file: web.env\n",
        "deep/compose.yml": "services:\n  a:\n    build: .\n    env_file: a.env\n",
    }
    text = service_draft(surveyed(files), None)
    assert tomllib.loads(text)["env"] == {"files": ["web.env"]}
    assert "# compose.yml:2: web is web/Dockerfile with the context web\n" in text
    assert "#: port = 5000\n" in text


def test_what_two_compositions_say_alike_is_told_once() -> None:
    files = {
        "Dockerfile": "FROM x\n",
        "compose.yml": "services: {web: {build: .}}\n",
        "compose.override.yml": "services: {web: {ports: ['1:1']}}\n",
        "compose.prod.yml": "services: {web: {environment: {A: b}}}\n",
        "up.sh": "docker compose -f compose.yml -f compose.prod.yml up\n",
    }
    text = service_draft(surveyed(files), None)
    assert text.count("# compose.yml:1: web is Dockerfile with the context .\n") == 1
