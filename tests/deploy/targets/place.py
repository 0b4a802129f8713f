"""A state directory with real releases of the test service, and what tests ask of it."""

import http.client
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotelctl.cli._stop import stop_all
from hotelctl.config.service import ServiceSpec
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import durable, identity, supervision
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.process import ProcessTarget
from hotelctl.deploy.targets.units import Observed
from tests.deploy.waiting import came_true
from tests.free_port import free_port

SERVICE = Path(__file__).with_name("service.py")


def specification(manners: Sequence[str], stop_timeout_s: float, ready_timeout_s: float) -> ServiceSpec:
    return ServiceSpec.model_validate(
        {
            "schema": "hotelctl.service/1",
            "service": {"name": "tiny", "title": "Tiny"},
            "build": {"command": ["true"], "artifact": "x", "requirements": "x"},
            "run": {
                "command": ["{venv}/python", str(SERVICE), "{port}", "{release}", *manners],
                "drain_signal": "SIGUSR1",
                "stop_timeout_s": stop_timeout_s,
                "ready_timeout_s": ready_timeout_s,
                "clean_log": "shutdown_complete",
            },
            "health": {"live": "/", "ready": "/readyz", "version": "/version", "commit_field": "git_sha"},
        }
    )


@dataclass
class Place:
    state: Path
    port: int = field(default_factory=free_port)
    told: list[str] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return Places(self.state)

    def target(
        self, *, manners: Sequence[str] = (), stop_timeout_s: float = 30, ready_timeout_s: float = 60
    ) -> ProcessTarget:
        spec = specification(manners, stop_timeout_s, ready_timeout_s)
        return ProcessTarget(self.state, spec, tell=self.told.append)

    @staticmethod
    def release_named(release_id: str) -> Release:
        """Perhaps not built."""
        return Release(release_id, "1.0.0", f"commit-{release_id}", "artifact/x.whl", "0" * 64, None, {})

    def release(self, release_id: str) -> Release:
        """Built: manifest and something that runs at `venv`."""
        release = self.release_named(release_id)
        directory = self.state / "releases" / release_id
        (directory / "venv").mkdir(parents=True, exist_ok=True)
        python = directory / "venv" / "python"
        if not python.is_symlink():
            python.symlink_to(sys.executable)
        durable.write_json(directory / "manifest.json", release.to_json())
        return release

    def ready(self, target: ProcessTarget, release: Release, **env: str) -> None:
        """Staged and answering."""
        url = target.stage(release, env).url
        eventually(lambda: ask(int(url.rsplit(":", 1)[1]), "/readyz")[0] == 200)

    def seen(self, name: str) -> Observed:
        found = supervision.observed(self.places, name)
        assert found is not None
        return found

    def version(self) -> Any:  # noqa: ANN401 - JSON is any shape
        """What the edge answers."""
        return ask(self.port, "/version")[1].get("git_sha")

    def serve(self, target: ProcessTarget, release_id: str, fence: int) -> Release:
        """Prepared, staged, ready, routed."""
        release = self.release(release_id)
        target.prepare(self.port)
        self.ready(target, release)
        target.route(release, fence)
        return release

    def stop(self) -> list[str]:
        """Everything, as `make stop` does it."""
        return list(stop_all(self.places))

    def kill_supervisor(self) -> None:
        """As the kernel does it when memory is short."""
        pid = self.supervisor_pid()
        ticks = identity.start_ticks(pid) or 0
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not identity.alive(pid, ticks, identity.boot_id()))

    def supervisor_pid(self) -> int:
        """Of the supervisor that was started last."""
        data = durable.read_json(self.places.supervisor / "pid")
        assert data is not None
        return int(data["pid"])


CHOSEN_ID = "chosen-by-a-client"


def ask(
    port: int, path: str, timeout_s: float = 60, host: str = "127.0.0.1"
) -> tuple[int | None, dict[str, Any]]:
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    try:
        connection.request("GET", path, headers={"X-Request-Id": CHOSEN_ID})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body.startswith(b"{") else {}
    except (OSError, http.client.HTTPException):
        return None, {}
    finally:
        connection.close()


def direct_port(url: str) -> int:
    """The port of an address that ends with it."""
    return int(url.rsplit(":", 1)[1])


def eventually(holds: Callable[[], bool], limit_s: float = 60) -> None:
    assert came_true(holds, limit_s), "it did not come true in time"
