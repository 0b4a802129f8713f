"""`make stop`: nothing of the environment runs afterwards, whatever state it was in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psutil
import pytest
import typer

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.cli._gate import guarded
from hotelctl.cli._stop import main
from hotelctl.cli.main import app
from hotelctl.core.errors import ExitCode
from hotelctl.deploy.targets.places import Places
from tests.config.test_load import MINIMAL
from tests.deploy.targets.conftest import instances, running_below
from tests.deploy.targets.place import Place, ask, eventually

pytestmark = pytest.mark.system


@pytest.fixture
def server(place: Place) -> Iterator[EmbeddedPostgres]:
    """The environment's own database server; whatever a test did to it, it is stopped."""
    one = EmbeddedPostgres(place.places.postgres, {"fsync": "off"})
    yield one
    one.stop()


def ended(pid: int) -> bool:
    """Whether that process runs no more; whoever started it may not have collected it."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_it_stops_everything_and_says_so(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    place.serve(target, "r2", 2)
    supervisor = place.supervisor_pid()
    assert main(["--state", str(place.state)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"edge on port {place.port} stopped",
        "release r1 stopped: exit code 0",
        "release r2 stopped: exit code 0",
        "supervisor ended",
    ]
    assert running_below(place.state) == []
    eventually(lambda: ended(supervisor))
    assert main(["--state", str(place.state)]) == 0
    assert capsys.readouterr().out == "nothing runs\n"


def test_the_command_stops_an_environment_of_any_service_once_it_is_told_yes(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.serve(place.target(), "r1", 1)
    project = place.state.parents[1]
    (project / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(project)
    command = typer.main.get_command(app)
    assert guarded(command, ["stop", "--env", place.state.name]) == ExitCode.USAGE
    assert f"hotelctl stop --env {place.state.name} --yes" in capsys.readouterr().err
    assert ask(place.port, "/version")[0] == 200
    assert guarded(command, ["stop", "--env", place.state.name, "--yes"]) == 0
    assert "release r1 stopped: exit code 0" in capsys.readouterr().out
    assert running_below(place.state) == []
    assert guarded(command, ["stop", "--env", place.state.name, "--yes"]) == 0
    assert capsys.readouterr().out == "nothing runs\n"
    # What is looked for afterwards is whatever works below the project.
    monkeypatch.undo()


def test_a_reader_that_leaves_ends_no_stop_halfway(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    place.serve(target, "r2", 2)
    reading, writing = os.pipe()
    os.close(reading)
    asked = [sys.executable, "-m", "hotelctl.cli._stop", "--state", str(place.state)]
    done = subprocess.run(asked, stdout=writing, stderr=subprocess.PIPE, check=False, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
    assert running_below(place.state) == []


def test_nothing_ever_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--state", str(tmp_path / "nowhere")]) == 0
    assert capsys.readouterr().out == "nothing runs\n"
    assert not (tmp_path / "nowhere").exists()


def test_in_a_copy_nothing_of_the_original_is_seen_or_stopped(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = place.serve(place.target(), "r1", 1)
    supervisor = place.supervisor_pid()
    copy = Place(tmp_path / "copy" / ".hotelctl" / "local")
    sockets = shutil.ignore_patterns("*.sock")
    shutil.copytree(place.state, copy.state, symlinks=True, ignore=sockets)
    assert main(["--state", str(copy.state)]) == 0
    assert capsys.readouterr().out == "nothing runs\n"
    shutil.rmtree(copy.state)
    shutil.copytree(place.state, copy.state, symlinks=True, ignore=sockets)
    target = copy.target()
    assert not target.health(release).alive
    assert (target.obstacle(place.port) or "").startswith(f"port {place.port} is held by caddy")
    try:
        target.prepare(copy.port)
        assert copy.told[0] == "r1 was deployed in another directory and is not started from this copy"
        assert not target.health(release).alive
        assert (ask(copy.port, "/version")[0], target.serving()) == (502, release)
        assert len(instances(place.state)) == 1
        copy.serve(target, "r2", 2)
        assert (place.version(), copy.version()) == ("commit-r1", "commit-r2")
        target.retire(release)
        assert place.supervisor_pid() == supervisor != copy.supervisor_pid()
    finally:
        copy.stop()
    assert (place.version(), copy.version()) == ("commit-r1", None)
    assert place.target().health(release).alive


def test_a_killed_supervisor_leaves_no_orphan_to_it(place: Place) -> None:
    place.serve(place.target(), "r1", 1)
    place.kill_supervisor()
    assert "release r1 stopped: exit code" in "\n".join(place.stop())
    assert running_below(place.state) == []


def test_a_crash_loop_is_not_started_again(place: Place) -> None:
    target, release = place.target(manners=["--crash"]), place.release("r1")
    target.stage(release, {})
    eventually(lambda: place.seen("r1").restarts >= 1 and place.seen("r1").state == "waiting")
    place.stop()
    restarts = target.health(release).restarts
    target.prepare(place.port)
    assert target.health(release).restarts == restarts
    assert place.seen("r1").state == "stopped"


def test_an_early_request_is_answered_and_a_late_one_refused(place: Place) -> None:
    place.serve(place.target(), "r1", 1)
    program = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{place.port}/slow?s=3').status)"
    with subprocess.Popen((sys.executable, "-c", program), stdout=subprocess.PIPE, text=True) as client:
        target = place.target()
        eventually(lambda: target.inflight(place.release("r1")) == 1)
        place.stop()
        assert client.stdout is not None
        assert client.stdout.read() == "200\n"
    assert ask(place.port, "/version")[0] is None


def test_the_embedded_database_is_stopped_too_with_its_sockets(
    place: Place, capsys: pytest.CaptureFixture[str], server: EmbeddedPostgres
) -> None:
    sockets = Path(unquote(server.ensure().partition("?host=")[2]))
    assert not sockets.is_relative_to(place.state)
    pid = int((place.places.postgres / "postmaster.pid").read_text().split()[0])
    assert main(["--state", str(place.state)]) == 0
    assert capsys.readouterr().out == f"PostgreSQL stopped (pid {pid})\n"
    assert not (place.places.postgres / "postmaster.pid").exists()
    eventually(lambda: ended(pid))
    assert not sockets.exists()


@pytest.mark.parametrize(
    "content",
    [f"{os.getpid()}\n", "99999999\n", "", "no number\n"],
    ids=["another's", "nobody's", "empty", "no number"],
)
def test_a_left_over_pid_file_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    data = Places(tmp_path).postgres
    data.mkdir(parents=True)
    (data / "postmaster.pid").write_text(content)
    assert main(["--state", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing runs\n"
