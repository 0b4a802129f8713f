import json
from collections.abc import Iterator

import pytest

from plainsvc.notes import Notes
from plainsvc.routes import MAX_TEXT, Routes


@pytest.fixture
def routes(database_url: str) -> Iterator[Routes]:
    notes = Notes(database_url, 2)
    yield Routes(notes, "Hello")
    notes.close()


def test_a_note_is_stored_listed_read_and_deleted(routes: Routes) -> None:
    created = routes.answer("POST", "/notes", b'{"text": "a"}')
    assert (created.status, created.body["text"]) == (201, "a")
    path = f"/notes/{created.body['id']}"
    assert [note["text"] for note in routes.answer("GET", "/notes", b"").body["notes"]] == ["a"]
    assert routes.answer("GET", path, b"").body["text"] == "a"
    assert routes.answer("DELETE", path, b"").body == {"deleted": True}
    assert routes.answer("GET", path, b"").status == 404
    assert routes.answer("DELETE", path, b"").status == 404


def test_newest_come_first(routes: Routes) -> None:
    for text in ("first", "second"):
        routes.answer("POST", "/notes", json.dumps({"text": text}).encode())
    assert [note["text"] for note in routes.answer("GET", "/notes", b"").body["notes"]] == ["second", "first"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"text": ""}', b'{"text": 1}', b'{"text": "\\u0000"}'])
def test_what_is_no_note_is_refused(routes: Routes, body: bytes) -> None:
    assert routes.answer("POST", "/notes", body).status == 422


def test_a_note_has_a_greatest_length(routes: Routes) -> None:
    assert routes.answer("POST", "/notes", json.dumps({"text": "x" * MAX_TEXT}).encode()).status == 201
    assert routes.answer("POST", "/notes", json.dumps({"text": "x" * (MAX_TEXT + 1)}).encode()).status == 422


def test_ready_and_healthy(routes: Routes) -> None:
    assert routes.answer("GET", "/ready", b"").body == {"ready": True}
    assert routes.answer("GET", "/healthz?x=1", b"").body == {"status": "ok"}
    assert routes.answer("GET", "/", b"").body == "Hello\n"


def test_unknown_paths_and_methods(routes: Routes) -> None:
    assert routes.answer("GET", "/nothing", b"").status == 404
    assert routes.answer("POST", "/healthz", b"").status == 405
    assert routes.answer("PUT", "/notes", b"").status == 405
    assert routes.answer("PUT", "/notes/1", b"").status == 405


def test_a_dead_database_is_a_503_and_no_exception() -> None:
    routes = Routes(Notes("postgresql://nobody@127.0.0.1:1/none", 1), "Hello")
    assert routes.answer("GET", "/ready", b"").status == 503
    assert routes.answer("GET", "/healthz", b"").status == 200


def test_a_broken_connection_is_renewed(database_url: str) -> None:
    notes = Notes(database_url, 1)
    routes = Routes(notes, "Hello")
    assert routes.answer("GET", "/ready", b"").status == 200
    with notes._connection() as held:  # the server's own end of the connection is cut
        number = held.info.backend_pid
    other = Notes(database_url, 1)
    other._rows("SELECT pg_terminate_backend(%s)", number)
    other.close()
    assert routes.answer("GET", "/ready", b"").status == 503
    assert routes.answer("GET", "/ready", b"").status == 200
    notes.close()
