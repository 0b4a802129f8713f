import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hotelctl.cli._rehearsal_asking import Answers, Asking
from hotelctl.core.errors import StepFailed
from tests.deploy.waiting import came_true


@contextmanager
def _server(statuses: list[int]) -> Iterator[int]:
    """Answers with each of `statuses` in turn, with the last one for ever."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.system
def test_what_the_server_fails_is_counted_and_told() -> None:
    with _server([200, 503, 404, 200]) as port:
        asking = Asking(port, "/ready")
        asking.begin()
        assert came_true(lambda: asking.answers.asked >= 5)
        asking.end()
    assert asking.answers.failed == 1
    assert "answered 503" in asking.reasons


@pytest.mark.system
def test_no_answer_is_a_failure_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    asking = Asking(port, "/ready")
    asking.begin()
    assert came_true(lambda: asking.answers.asked >= 2)
    asking.end()
    assert asking.answers.failed == asking.answers.asked
    assert "ConnectionRefusedError" in asking.reasons


@pytest.mark.system
def test_a_path_of_any_letters_is_asked_for() -> None:
    with _server([200]) as port:
        asking = Asking(port, "/bereit schön?a=%20b")
        asking.begin()
        assert came_true(lambda: asking.answers.asked >= 2)
        asking.end()
    assert asking.answers.failed == 0


@pytest.mark.parametrize(("answers", "why"), [(Answers(5, 1), "1 of 5"), (Answers(0, 0), "nobody asked")])
def test_lost_requests_and_none_at_all_are_no_success(answers: Answers, why: str) -> None:
    Answers(5, 0).require_none_lost()
    with pytest.raises(StepFailed, match=f"^{why} .*while traffic moved$"):
        answers.require_none_lost()


def test_only_what_came_since_is_counted() -> None:
    assert str(Answers(10, 3).since(Answers(4, 1))) == "2 of 6 requests failed"


def test_nobody_who_never_began_need_be_waited_for() -> None:
    asking = Asking(9, "/")
    asking.end()
    assert asking.answers == Answers(0, 0)
