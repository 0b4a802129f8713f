"""The second service with what takes long: a page of a second, and a stream of events of some seconds."""

from tests.services.checkout import commit_all
from tests.system.site import Site

_STREAM = '''"""Events for some seconds, two in each; the last one asks the reader to come again."""

import time

EVENTS, PAUSE_S = 6, 0.5


def events():
    """One after the other, as they are sent."""
    for number in range(EVENTS):
        yield f"data: {number}\\n\\n".encode()
        time.sleep(PAUSE_S)
    yield b"event: reconnect\\ndata: again\\n\\n"
'''
_ROUTES = {
    "from plainsvc.about import about\n": "import time\n\nfrom plainsvc import stream\n"
    "from plainsvc.about import about\n",
    '        path = path.partition("?")[0]\n': '        path = path.partition("?")[0]\n'
    '        if path == "/slow":\n            time.sleep(1)\n            return Answer(200, "slowly")\n'
    '        if path == "/stream":\n            return Answer(200, stream.events())\n',
}
_SERVER = {
    "    def _write(self, answer: Answer) -> None:\n": """    def _stream(self, events: object) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()
        for event in events:
            self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(event), event))
            self.wfile.flush()
        self.wfile.write(b"0\\r\\n\\r\\n")
        self.wfile.flush()

    def _write(self, answer: Answer) -> None:
        if hasattr(answer.body, "__next__"):
            self._stream(answer.body)
            return
""",
}


def enliven(site: Site) -> None:
    """The next commit has both, and the watch of each release is short."""
    package = site.root / "plainsvc"
    (package / "stream.py").write_text(_STREAM)
    for name, changes in {"routes.py": _ROUTES, "server.py": _SERVER}.items():
        text = (package / name).read_text()
        for usual, new in changes.items():
            assert usual in text
            text = text.replace(usual, new, 1)
        (package / name).write_text(text)
    commit_all(site.root, "A slow page and a stream")
