"""A server on this machine that speaks OpenAI's Responses protocol, as far as the service uses it."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = dict[str, Any]
_HELD_S = 300


@dataclass
class Script:
    """How the next requests are answered: refused with a status, or streamed piece by piece.

    One that is held stops after its first piece until the server may go on.
    """

    pieces: tuple[str, ...] = ("[1] It opens at eight. ", "Bring a towel.")
    call: Event | None = None
    status: int = 200
    pause_s: float = 0.0
    held: bool = False
    breaks: bool = False
    tokens: tuple[int, int] = (120, 12)


class Responses(ThreadingHTTPServer):
    """Follows `script`; `asked` holds the bodies it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = Script()
        self.asked: list[Event] = []
        self.began = threading.Event()
        self.may_go_on = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: object) -> None:
        """Silence: a client that has waited long enough hangs up."""


@dataclass
class _Stream:
    handler: BaseHTTPRequestHandler
    number: int = field(default=0)

    def send(self, kind: str, **values: object) -> None:
        event = {"type": kind, "sequence_number": self.number, **values}
        self.number += 1
        self.handler.wfile.write(f"event: {kind}\ndata: {json.dumps(event)}\n\n".encode())
        self.handler.wfile.flush()


def _response(script: Script, status: str, model: str) -> Event:
    tokens_in, tokens_out = script.tokens
    usage = {
        "input_tokens": tokens_in,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": tokens_out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens_in + tokens_out,
    }
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "model": model,
        "status": status,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": usage if status == "completed" else None,
    }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Responses)
        assert self.path == "/v1/models"
        self.send_response(server.script.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"object": "list", "data": []}')

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Responses)
        script = server.script
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append({"path": self.path, "authorization": self.headers["Authorization"], **body})
        if script.status != 200:
            self.send_response(script.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"error": {"message": "no", "type": "x"}}')
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._stream(server, script, body["model"])

    def _stream(self, server: Responses, script: Script, model: str) -> None:
        stream = _Stream(self)
        stream.send("response.created", response=_response(script, "in_progress", model))
        for piece in script.pieces:
            stream.send(
                "response.output_text.delta",
                item_id="msg_1",
                output_index=0,
                content_index=0,
                delta=piece,
                logprobs=[],
            )
            server.began.set()
            time.sleep(script.pause_s)
            if script.held:
                server.may_go_on.wait(_HELD_S)
        if script.breaks:
            return stream.send("response.failed", response=_response(script, "failed", model))
        if script.call is not None:
            item = {
                "type": "function_call",
                "id": "fc_1",
                "call_id": "c_1",
                "status": "completed",
                **script.call,
            }
            stream.send("response.output_item.done", output_index=1, item=item)
        return stream.send("response.completed", response=_response(script, "completed", model))

    def log_message(self, *_: object) -> None:
        """Silence."""
