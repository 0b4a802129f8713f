"""HTTP/1.1 with kept connections, on the standard library's threading server."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from plainsvc.routes import MAX_BODY_BYTES, Answer, Routes


class Server(ThreadingHTTPServer):
    """Counts the requests that run, so that a stop waits for them and not for idle connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], routes: Routes) -> None:
        self.routes = routes
        self.stopping = False
        self._running = 0
        self._quiet = threading.Condition()
        super().__init__(address, Handler)

    def begin(self) -> None:
        """Counts one more request."""
        with self._quiet:
            self._running += 1

    def end(self) -> None:
        """Counts one fewer."""
        with self._quiet:
            self._running -= 1
            self._quiet.notify_all()

    def finish(self, limit_s: float) -> bool:
        """Waits until no request runs; False at the limit."""
        until = time.monotonic() + limit_s
        with self._quiet:
            return self._quiet.wait_for(lambda: not self._running, max(0, until - time.monotonic()))


class Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, writes the answer in one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "plainsvc"
    sys_version = ""
    timeout = 75
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def _serve(self) -> None:
        self.server.begin()
        try:
            self._write(self._answer())
        finally:
            self.server.end()

    def _answer(self) -> Answer:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # the body is left unread, so the connection cannot go on
            return Answer(413, {"error": f"a body of at most {MAX_BODY_BYTES} bytes, with its length"})
        return self.server.routes.answer(self.command, self.path, self.rfile.read(int(length)))

    def _write(self, answer: Answer) -> None:
        text = isinstance(answer.body, str)
        body = (answer.body if text else json.dumps(answer.body, default=str)).encode()
        self.close_connection = self.close_connection or self.server.stopping
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/plain; charset=utf-8" if text else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve  # noqa: N815 - the names that the base class calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """One line a request would be the proxy's work done twice."""
