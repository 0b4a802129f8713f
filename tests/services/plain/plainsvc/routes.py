"""What each request means: method, path and body in; status and answer out. Knows nothing of sockets."""

import json
import re
from dataclasses import dataclass
from typing import Any

import psycopg

from plainsvc.about import about
from plainsvc.notes import Notes

MAX_BODY_BYTES = 10_000
MAX_TEXT = 500
_ONE_NOTE = re.compile(r"/notes/([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body; a str is sent as text, anything else as JSON."""

    status: int
    body: Any


class Routes:
    """Answers every request; a database that is away is a 503, never an exception."""

    def __init__(self, notes: Notes, greeting: str) -> None:
        self._notes = notes
        self._greeting = greeting

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to one request."""
        path = path.partition("?")[0]
        fixed = {"/": self._greeting + "\n", "/healthz": {"status": "ok"}, "/version": about()}
        try:
            if path in fixed:
                return Answer(200, fixed[path]) if method == "GET" else _refused(405, "method not allowed")
            if path == "/ready" and method == "GET":
                return Answer(200, {"ready": self._notes.readable()})
            if path == "/notes":
                return self._many(method, body)
            if found := _ONE_NOTE.fullmatch(path):
                return self._one(method, int(found[1]))
        except psycopg.Error as error:
            return _refused(503, f"database: {type(error).__name__}")
        return _refused(404, "no such page")

    def _many(self, method: str, body: bytes) -> Answer:
        if method == "GET":
            return Answer(200, {"notes": self._notes.newest()})
        if method != "POST":
            return _refused(405, "method not allowed")
        text = _text_of(body)
        if text is None:
            return _refused(422, f"send {{'text': ...}} with 1 to {MAX_TEXT} characters")
        return Answer(201, self._notes.add(text))

    def _one(self, method: str, number: int) -> Answer:
        if method == "DELETE":
            gone = self._notes.delete(number)
            return Answer(200, {"deleted": True}) if gone else _refused(404, "no such note")
        if method != "GET":
            return _refused(405, "method not allowed")
        note = self._notes.get(number)
        return Answer(200, note) if note else _refused(404, "no such note")


def _refused(status: int, reason: str) -> Answer:
    return Answer(status, {"error": reason})


def _text_of(body: bytes) -> str | None:
    try:
        data = json.loads(body)
    except ValueError:
        return None
    text = data.get("text") if isinstance(data, dict) else None
    fits = isinstance(text, str) and 0 < len(text) <= MAX_TEXT and "\0" not in text
    return text if fits else None
