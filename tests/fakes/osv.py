"""A server that speaks OSV's protocol: one POST a package and version, an answer with its advisories.

Source: https://google.github.io/osv.dev/post-v1-query/
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Known = Mapping[str, list[dict[str, Any]]]


def advisory(name: str, advisory_id: str, fixed: str, *aliases: str) -> dict[str, Any]:
    """One advisory about all versions of a package below `fixed`."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    affected = {
        "package": {"name": name, "ecosystem": "PyPI", "purl": f"pkg:pypi/{name}"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    times = {"modified": "2026-01-02T00:00:00Z", "published": "2026-01-01T00:00:00Z"}
    words = {"summary": f"{name} is weak", "details": f"{name} is weak\nin more words"}
    return (
        {"schema_version": "1.6.0", "id": advisory_id, "aliases": list(aliases), "affected": [affected]}
        | times
        | words
    )


@contextmanager
def osv_server(known: Known) -> Iterator[str]:
    """The URL of a server on this machine that knows these advisories by the names of packages."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = known.get(asked["package"]["name"], []) if asked["package"]["ecosystem"] == "PyPI" else []
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()
            thread.join()
