"""A service of the standard library only, with the manners that a release needs: run as a program.

    python service.py PORT RELEASE_DIRECTORY [--crash | --deaf | --stubborn | --leave-child | --everywhere]

SIGUSR1: readiness 503, `Connection: close`, streams end. SIGTERM: open requests end, `shutdown_complete`, 0.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT, COMMIT, MANNERS = int(sys.argv[1]), f"commit-{Path(sys.argv[2]).name}", set(sys.argv[3:])
draining = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/readyz":
            self.answer(503 if draining.is_set() else 200, {})
        elif path == "/stream":
            self.stream()
        elif path == "/slow":
            time.sleep(float(self.path.partition("=")[2] or 1))
            self.answer(200, {"git_sha": COMMIT})
        elif path == "/crash":
            os._exit(3)
        elif path == "/environment":
            self.answer(200, {"env": dict(os.environ), "cwd": str(Path.cwd()), "pid": os.getpid()})
        elif path == "/headers":
            self.answer(200, dict(self.headers.items()))
        else:
            self.answer(200, {"git_sha": COMMIT, "pid": os.getpid()})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        self.answer(200, {"got": len(self.rfile.read(size))})

    def answer(self, status: int, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if draining.is_set():
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while not draining.wait(0.05):
            self.wfile.write(b"data: tick\n\n")
        self.wfile.write(b"event: reconnect\ndata: now\n\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""


class Server(ThreadingHTTPServer):
    request_queue_size = 128


def main() -> None:
    if "--crash" in MANNERS:
        sys.stderr.write("cannot read postgresql://owner:correct-horse-battery@db/hotel\n")
        sys.exit(7)
    if "--leave-child" in MANNERS:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "left-behind"])
    server = Server(("" if "--everywhere" in MANNERS else "127.0.0.1", PORT), Handler)
    if "--deaf" not in MANNERS:
        signal.signal(signal.SIGUSR1, lambda *_: draining.set())
    else:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)

    def end(*_: object) -> None:
        if "--stubborn" not in MANNERS:
            threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    sys.stdout.write("started\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.02)
    sys.stdout.write("shutdown_complete\n")
    sys.stdout.flush()
    os._exit(0)


main()
