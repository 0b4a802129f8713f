"""python -m plainsvc --port N: serves until SIGTERM or SIGINT, then finishes what runs and ends with 0."""

import argparse
import os
import signal
import sys
import threading

from plainsvc.about import about
from plainsvc.notes import Notes
from plainsvc.routes import Routes
from plainsvc.server import Server

FINISH_LIMIT_S = 8.0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="plainsvc")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


def main() -> int:
    """0 after a clean stop, 1 when requests were cut off, 2 without a database URL."""
    options = _arguments()
    url = os.environ.get("NOTES_DATABASE_URL")
    if not url:
        _say("NOTES_DATABASE_URL is not set")
        return 2
    notes = Notes(url, int(os.environ.get("NOTES_DB_CONNECTIONS", "4")))
    server = Server(
        (options.host, options.port), Routes(notes, os.environ.get("NOTES_GREETING", "Plain notes"))
    )
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    serving.start()
    _say(f"serving on {options.host}:{server.server_port}, commit {about()['commit']}")
    asked.wait()
    server.stopping = True
    server.shutdown()
    serving.join()
    finished = server.finish(FINISH_LIMIT_S)
    server.server_close()
    notes.close()
    _say("stopped cleanly" if finished else "stopped with requests cut off")
    return 0 if finished else 1


if __name__ == "__main__":
    sys.exit(main())
