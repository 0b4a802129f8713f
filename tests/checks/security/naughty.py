"""A small service that does everything right, but for one fault that a test plants."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PEOPLE = {"ana@a.example": ("right-a-word", "a"), "ben@b.example": ("right-b-word", "b")}
SECURITY: dict[str, Any] = {
    "protected": ["GET /mine", "POST /mine"],
    "log_in_page": "/enter",
    "cookies": ["sid"],
    "other_tenant": ["GET /things/{thing}"],
    "log_in": [
        {"request": "POST /log-in", "json": {"name": "{name}", "word": "{password}"}, "token": "token"},
        {"request": "POST /enter", "json": {"name": "{name}", "word": "{password}"}, "accepted": 303},
    ],
    "limit": [{"request": "POST /log-in", "json": {"name": "{name}", "word": "{password}"}, "allowed": 5}],
    "sandbox": {"seed": ["seed"]},
}
SEEDED = {
    "name": "ana@a.example",
    "password": "right-a-word",
    "thing": "7",
    "other_name": "ben@b.example",
    "other_password": "right-b-word",
}
_DRESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}


@dataclass
class _Books:
    """What the service remembers."""

    tokens: dict[str, str] = field(default_factory=dict)
    refused: int = 0


class Naughty(ThreadingHTTPServer):
    """`fault` names what it does wrong."""

    daemon_threads = True

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.books = _Books()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Naughty

    def do_GET(self) -> None:
        if self.path == "/rotate":
            self._rotate()
        elif self.path == "/mine":
            self._mine()
        elif self.path.startswith("/things/"):
            self._thing()
        elif self.path == "/" or (self.path == "/docs" and self._is("docs")):
            self._answer(200, "<p>welcome", "text/html")
        elif self._is("trace"):
            self._answer(500, "Traceback (most recent call last)\n", "text/plain")
        else:
            self._answer(404, "not found", "text/plain")

    def do_POST(self) -> None:
        if self.path == "/mine":
            self._mine()
            return
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = PEOPLE.get(said["name"])
        if self.server.books.refused >= 5 and not self._is("no limit"):
            self._answer(429, "{}", **{"Retry-After": "60"})
        elif known is not None and (known[0] == said["word"] or self._is("any password")):
            self._enter(known[1])
        else:
            self.server.books.refused += 1
            words = "wrong password" if known and self._is("tells names") else "no"
            self._answer(401, json.dumps({"title": words, "request_id": secrets.token_hex(4)}))

    def do_OPTIONS(self) -> None:
        self._answer(204, "", "text/plain")

    def _enter(self, tenant: str) -> None:
        token = secrets.token_hex(8)
        self.server.books.tokens[token] = tenant
        flags = "Path=/" if self._is("bare cookie") else "Path=/; HttpOnly; SameSite=Lax"
        cookie = {"Set-Cookie": f"sid={token}; {flags}"}
        self._answer(200 if self.path == "/log-in" else 303, json.dumps({"token": token}), **cookie)

    def _tenant(self) -> str | None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        worn = self.headers.get("Cookie", "").removeprefix("sid=")
        if self._is("unsigned token") and bearer.endswith("."):
            return "a"
        if self._is("any cookie") and worn:
            return "a"
        if self._is("believes headers") and self.headers.get("X-Forwarded-User"):
            return "a"
        return self.server.books.tokens.get(bearer or worn)

    def _mine(self) -> None:
        forgotten = self._is("open route") and self.command == "POST"
        status = 200 if self._tenant() or forgotten else 401
        self._answer(status, "{}")

    def _thing(self) -> None:
        tenant = self._tenant()
        seen = tenant == "b" or (tenant is not None and self._is("no tenants"))
        self._answer(200 if seen else 404, "{}")

    def _rotate(self) -> None:
        if self._is("one-step keys"):
            self.server.books.tokens.clear()
        self._answer(200, "{}")

    def _is(self, fault: str) -> bool:
        return self.server.fault == fault

    def _answer(self, status: int, body: str, kind: str = "application/json", **headers: str) -> None:
        self.send_response_only(status)
        for name, value in _DRESS.items():
            if not (name == "X-Content-Type-Options" and self._is("bare answers")):
                self.send_header(name, value)
        origin = self.headers.get("Origin")
        if origin and self._is("any origin"):
            self.send_header("Access-Control-Allow-Origin", origin)
        data = body.encode()
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data if self.command != "HEAD" else b"")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def served(fault: str = "") -> Iterator[Naughty]:
    """The service on a free port."""
    server = Naughty(fault)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
