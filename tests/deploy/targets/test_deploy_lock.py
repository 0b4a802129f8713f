"""The deploy lock as who stops an environment takes it, against the lock of operations."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli._stop import main
from hotelctl.core.errors import Locked
from hotelctl.deploy.targets import durable
from hotelctl.deploy.targets.deploy_lock import holding
from tests.fakes.evidence import FakeEvidence

_HOLDS = """
import sys, time
from pathlib import Path
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.host_lock import HostLock
from hotelctl.core.redact import Redactor
state, clock = Path(sys.argv[1]), SystemClock()
HostLock(state, LocalFiles(Unrecorded(Redactor(), clock), state), clock).acquire("deploy", "d9")
print("held", flush=True)
time.sleep(3600)
"""


@pytest.fixture
def operation(tmp_path: Path) -> Iterator[HostLock]:
    """The lock as operations take it; the environment was there before."""
    made = HostLock(tmp_path, LocalFiles(FakeEvidence(), tmp_path), SystemClock())
    yield made
    made.release()


def test_while_an_operation_runs_nothing_is_stopped_and_it_is_named(
    tmp_path: Path, operation: HostLock, capsys: pytest.CaptureFixture[str]
) -> None:
    operation.acquire("deploy", "d9")
    operation.at("migrate", "d9")
    before = (tmp_path / "holder.json").read_bytes()
    assert main(["--state", str(tmp_path)]) == 73
    out, err = capsys.readouterr()
    assert out == ""
    assert "the environment is locked: deploy d9 by " in err
    assert re.search(r", alive\), step migrate, for \d+ s", err)
    assert (tmp_path / "holder.json").read_bytes() == before


def test_an_unreadable_record_is_an_unknown_holder(tmp_path: Path, operation: HostLock) -> None:
    operation.acquire("deploy", "d9")
    (tmp_path / "holder.json").write_text("{")
    with pytest.raises(Locked, match="locked: an unknown process"), holding(tmp_path, "stop"):
        pass


def test_meanwhile_an_operation_is_refused_and_told_who_stops(tmp_path: Path, operation: HostLock) -> None:
    fence = operation.acquire("deploy", "d9")
    operation.release()
    with holding(tmp_path, "stop"):
        holder, held = operation.holder()
        assert (held, holder and holder.operation, holder and holder.fence) == (True, "stop", fence)
        with pytest.raises(Locked, match="the environment is locked: stop by "):
            operation.acquire("deploy", "d10")
    assert operation.acquire("deploy", "d10") == fence + 1


def test_a_stop_keeps_the_newest_fence_on_record_also_where_its_file_is_spoilt(
    tmp_path: Path, operation: HostLock
) -> None:
    fence = operation.acquire("deploy", "d9")
    operation.release()
    (tmp_path / "fence").write_text("x")
    with holding(tmp_path, "stop"):
        holder, _ = operation.holder()
        assert (holder and holder.operation, holder and holder.fence) == ("stop", fence)


def test_a_full_disk_keeps_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "write_json", full)
    with holding(tmp_path, "stop"):
        assert not (tmp_path / "holder.json").exists()


@pytest.mark.system
def test_a_dead_holder_is_in_nobodys_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = (sys.executable, "-c", _HOLDS, str(tmp_path))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as deploy:
        assert deploy.stdout is not None
        assert deploy.stdout.readline() == "held\n"
        assert main(["--state", str(tmp_path)]) == 73
        deploy.send_signal(signal.SIGKILL)
    assert main(["--state", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing runs\n"
    assert json.loads((tmp_path / "holder.json").read_text())["operation"] == "stop"
