"""Each fault of a real server turns exactly the check red that is about it; without one all are green."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.process import LocalProcesses
from hotelctl.checks.catalogue import walk
from hotelctl.config.environment import Environment
from hotelctl.core.check import Check
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.report import CheckResult, Status
from hotelctl.probes.registry import IN_A_SANDBOX
from tests.checks.security.naughty import SECURITY, SEEDED, Naughty, served
from tests.probes.test_artifact import _wheel
from tests.probes.worlds import World

pytestmark = pytest.mark.system
LIVE = tuple(
    check
    for check in walk()
    if check.info.id in {"SEC013", "SEC014", "SEC015", "SEC016", "SEC017", "SEC018", "SEC019", "SEC021"}
)
FAULTS = {
    "bare answers": "SEC013",
    "any origin": "SEC014",
    "bare cookie": "SEC015",
    "unsigned token": "SEC016",
    "any cookie": "SEC016",
    "believes headers": "SEC016",
    "open route": "SEC016",
    "no tenants": "SEC016",
    "any password": "SEC017",
    "tells names": "SEC017",
    "no limit": "SEC018",
    "docs": "SEC019",
    "trace": "SEC019",
    "one-step keys": "SEC021",
}


class _There:
    """The one instance that runs already."""

    def __init__(self, port: int) -> None:
        self._port = port

    def free_port(self) -> int:
        return self._port

    @contextmanager
    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> Iterator[None]:
        assert argv
        assert env
        assert cwd.name
        assert timeout_s
        assert str(self._port) in ready_url
        yield


def world_of(server: Naughty, place: Path) -> World:
    port = int(server.server_address[1])
    ask = f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/rotate')"
    step = [sys.executable, "-c", ask]
    security = {**SECURITY, "rotation": {"steps": [step, step]}}
    world = World(database=None, migrations=None, env={}, security=security)
    world.environment = Environment(profile="production")
    world.workspace = place
    (place / "venv").mkdir()
    world.work.wheel = _wheel()
    world.work.seeded = SEEDED
    world.http = HttpClient(world.evidence, SystemClock())  # type: ignore[assignment]  # the port, not its fake
    world.instances = _There(port)  # type: ignore[assignment]  # same
    world.processes = LocalProcesses(world.evidence, SystemClock(), os.environ)  # type: ignore[assignment]  # same
    return world


def judged(server: Naughty, place: Path) -> dict[str, CheckResult]:
    world = world_of(server, place)
    facts = FactStore(IN_A_SANDBOX, world.context(), world.evidence)

    def one(check: Check) -> CheckResult:
        return judge(check, facts, world.evidence, Severity.MEDIUM)

    return {check.info.id: one(check) for check in LIVE}


def test_without_a_fault_all_are_green(tmp_path: Path) -> None:
    with served() as server:
        results = judged(server, tmp_path)
    assert len(results) == 8
    assert {
        name: result.reason for name, result in results.items() if result.status is not Status.PASSED
    } == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_turns_its_check_red_and_no_other(fault: str, tmp_path: Path) -> None:
    with served(fault) as server:
        results = judged(server, tmp_path)
    red = {name for name, result in results.items() if result.status is not Status.PASSED}
    assert red == {FAULTS[fault]}
    assert results[FAULTS[fault]].status is Status.FAILED
