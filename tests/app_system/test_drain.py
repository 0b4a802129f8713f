"""An instance that is asked to leave while streams are open: they end, and so does it, in time."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, PASSWORD
from tests.app_system.instances import Instance, running
from tests.app_system.responses import Responses, Script

pytestmark = pytest.mark.system
_PATIENCE_S = 60
# An instance that ends waits four seconds for answers, which a slow machine needs for the rest.
_WAITED_FOR_S = 0.5


@pytest.fixture
def slow_model() -> Iterator[Responses]:
    with Responses() as server:
        server.script = Script(held=True)
        yield server
        server.may_go_on.set()
        server.shutdown()


@pytest.fixture
def instance(
    environment: dict[str, str], hotels: str, slow_model: Responses, tmp_path: Path
) -> Iterator[Instance]:
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Swimming pool", body="It opens at 8.")
    asking = {
        "AI_PROVIDER": "openai",
        "OPENAI_API_KEY": "sk-test-0123456789",
        "OPENAI_MODEL": "some-model",
        "OPENAI_BASE_URL": slow_model.url,
        "OPENAI_USD_PER_MILLION_IN": "1",
        "OPENAI_USD_PER_MILLION_OUT": "10",
    }
    with running({**environment, **asking}, tmp_path / "log") as one:
        yield one


@pytest.fixture
def client(instance: Instance) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=instance.base_url, timeout=_PATIENCE_S) as talking:
        credentials = {"email": "manager@alpha.example", "password": PASSWORD}
        token = talking.post("/api/auth/login", json=credentials).json()["access_token"]
        talking.headers["Authorization"] = f"Bearer {token}"
        yield talking


class _Reader(threading.Thread):
    """Reads a stream to its end in the background."""

    def __init__(
        self, client: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None
    ) -> None:
        super().__init__(daemon=True)
        self._ask = client, method, path, body
        self.events: list[tuple[str, Any]] = []
        self.start()

    def run(self) -> None:
        client, method, path, body = self._ask
        with client.stream(method, path, json=body, headers={"Accept": "text/event-stream"}) as answer:
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self.events.append((name, json.loads(line[6:])))


def _wait_for(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def test_streams_are_told_to_come_back_and_the_answer_under_way_is_stored_before_the_end(
    instance: Instance, client: httpx.Client, slow_model: Responses, hotels: str
) -> None:
    thread = "/api/conversations/" + client.post("/api/conversations", json={}).json()["id"]
    live = _Reader(client, "GET", f"{thread}/events")
    said = {"content": "When does the swimming pool open?", "client_msg_id": str(uuid4())}
    answer = _Reader(client, "POST", f"{thread}/messages", said)
    assert slow_model.began.wait(_PATIENCE_S)
    _wait_for(lambda: any(name == "message" for name, _ in live.events), "the live view shows the question")

    instance.process.send_signal(signal.SIGUSR1)
    for reader in (live, answer):
        reader.join(_PATIENCE_S)
        assert not reader.is_alive(), "it waits for the model, which says no more"
        assert reader.events[-1] == ("reconnect", {"after_ms": 1000})
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["inflight"]) == (503, 1)
    slow_model.may_go_on.set()
    _wait_for(lambda: client.get("/readyz").json()["inflight"] == 0, "the answer is stored")

    again = client.post(f"{thread}/messages", json=said)
    assert again.status_code == 200
    assert again.json()["reply"]["content"] == "It opens at eight. Bring a towel."
    assert (again.json()["reply"]["provider"], again.json()["reply"]["degraded"]) == ("openai", False)
    with psycopg.connect(hotels) as connection:
        log = "SELECT provider, provider_model, tokens_in, tokens_out, cost_microusd FROM ai_interaction_logs"
        assert connection.execute(log).fetchall() == [("openai", "some-model", 120, 12, 240)]
    _ends(instance)


def test_a_kill_right_after_the_signal_still_waits_for_the_answer_within_the_limit(
    instance: Instance, client: httpx.Client, slow_model: Responses, hotels: str
) -> None:
    slow_model.script = Script(pause_s=_WAITED_FOR_S)
    thread = "/api/conversations/" + client.post("/api/conversations", json={}).json()["id"]
    live = _Reader(client, "GET", f"{thread}/events")
    said = {"content": "When does the swimming pool open?", "client_msg_id": str(uuid4())}
    _Reader(client, "POST", f"{thread}/messages", said)
    assert slow_model.began.wait(_PATIENCE_S)
    _wait_for(lambda: bool(live.events), "the live view is open")
    instance.process.send_signal(signal.SIGUSR1)
    _ends(instance)
    with psycopg.connect(hotels) as connection:
        rows = connection.execute("SELECT role FROM messages ORDER BY seq").fetchall()
    assert rows == [("guest",), ("assistant",)]


def _ends(instance: Instance) -> None:
    began_s = time.monotonic()
    instance.process.send_signal(signal.SIGTERM)
    assert instance.process.wait(_PATIENCE_S) in {0, -signal.SIGTERM, 128 + signal.SIGTERM}
    assert time.monotonic() - began_s < 30
    [ended] = instance.events("shutdown_complete")
    assert ended["inflight"] == 0
