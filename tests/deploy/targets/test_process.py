"""What the process target does beyond the contract, with real processes behind the real edge."""

import errno
import os
import secrets
import signal
import socket
import threading
from pathlib import Path

import psutil
import pytest

from hotelctl.core.errors import Diverged, StepFailed, UsageError
from hotelctl.deploy.targets import durable
from tests.deploy.targets.place import CHOSEN_ID, Place, ask, direct_port, eventually
from tests.free_port import free_port

pytestmark = pytest.mark.system


def test_an_instance_gets_its_environment_and_the_listed_names_only(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRAY_SECRET", "must not arrive")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    target, release = place.target(), place.release("r1")
    place.ready(target, release, DATABASE_URL="postgresql://x", TZ="UTC")
    told = ask(direct_port(target.health(release).url), "/environment")[1]
    assert told["env"]["DATABASE_URL"] == "postgresql://x"
    assert told["env"]["LANG"] == "C.UTF-8"
    assert told["env"]["TZ"] == "UTC"
    assert set(told["env"]) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "TZ", "DATABASE_URL"}
    assert told["cwd"] == str(place.state / "releases" / "r1")


def test_files_with_secrets_are_the_owners_only(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    place.ready(target, release, DATABASE_URL="postgresql://owner:secret@x/y")
    unit = place.places.units / "r1.json"
    assert "secret" in unit.read_text()
    assert unit.stat().st_mode & 0o777 == 0o600
    assert place.places.supervisor.stat().st_mode & 0o777 == 0o700
    assert place.places.release_log("r1").stat().st_mode & 0o777 == 0o600
    assert (place.state / ".gitignore").read_text() == "*\n"


def test_another_environment_for_the_same_release_starts_it_anew(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    place.ready(target, release, A="1")
    first = place.seen("r1").pid
    place.ready(target, release, A="2")
    told = ask(direct_port(target.health(release).url), "/environment")[1]
    assert (told["env"]["A"], told["pid"]) == ("2", place.seen("r1").pid)
    assert told["pid"] != first


def test_a_serving_release_is_left_alone_by_another_stage(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    before = place.seen("r1").pid
    target.stage(release, {"A": "other"})
    assert place.seen("r1").pid == before


def test_a_crashed_release_comes_back_on_its_port(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    ask(direct_port(target.health(release).url), "/crash")
    eventually(lambda: target.health(release).restarts == 1 and place.version() == release.commit)
    health = target.health(release)
    assert (health.alive, health.exit_code) == (True, 3)


def test_a_release_that_always_crashes_shows_why_without_its_password(place: Place) -> None:
    target, release = place.target(manners=["--crash"]), place.release("r1")
    target.stage(release, {})
    eventually(lambda: target.health(release).restarts >= 2)
    health = target.health(release)
    assert health.exit_code == 7
    assert "cannot read postgresql://owner:" in health.log_tail
    assert "correct-horse-battery" not in health.log_tail
    assert target.retire(release).clean is False


def test_a_command_that_does_not_exist_is_named(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    (place.state / "releases" / "r1" / "venv" / "python").unlink()
    health = target.stage(release, {})
    assert (health.alive, health.exit_code) == (False, 127)
    assert "venv/python: No such file or directory" in health.log_tail


def test_a_spoilt_pointer_is_a_divergence_and_a_switch_mends_it(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    for garbage in ("nonsense", "127.0.0.1:1", "{env.HOME}", "127.0.0.1:1\n127.0.0.1:2", "\x00"):
        place.places.active.write_text(garbage)
        with pytest.raises(Diverged, match="where no release"):
            target.serving()
        target.route(release, 1)
        assert (target.serving(), place.version()) == (release, release.commit)


@pytest.mark.parametrize("content", [None, "", "nonsense"])
def test_without_a_good_pointer_the_edge_fails_closed(place: Place, content: str | None) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    if content is None:
        place.places.active.unlink()
    else:
        place.places.active.write_text(content)
    if not content:
        assert target.serving() is None
    assert ask(place.port, "/version")[0] == 502


def test_a_line_end_behind_the_address_is_borne(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.places.active.write_text(f"{target.edge.target()}\n")
    assert (target.serving(), place.version()) == (release, release.commit)


def test_a_serving_release_without_manifest_is_a_divergence(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    manifest = place.state / "releases" / "r1" / "manifest.json"
    for spoilt in ("", "{}", "[]"):
        manifest.write_text(spoilt)
        with pytest.raises(Diverged, match=r"release r1: .*manifest\.json: cannot be read: it "):
            target.serving()
    manifest.unlink()
    with pytest.raises(Diverged, match="no manifest"):
        target.serving()


def test_the_holder_of_the_port_is_named_with_the_way_out(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        port = foreign.getsockname()[1]
        with pytest.raises(StepFailed) as refusal:
            place.target().prepare(port)
    me = psutil.Process()
    assert refusal.value.message.startswith(f"port {port} is held by {me.name()} (pid {me.pid}): ")
    assert f"--port {port + 1}"[:7] in refusal.value.hint
    assert not place.state.exists()


def test_a_full_disk_is_one_line_and_traffic_stays(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = place.target()
    release, other = place.serve(target, "r1", 1), place.release("r2")
    place.ready(target, other)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for act in (lambda: target.route(other, 2), lambda: target.retire(other)):
            with pytest.raises(StepFailed, match="no space is left on the disk"):
                act()
    assert (target.serving(), place.version()) == (release, release.commit)


def test_a_state_directory_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written: not a directory"):
        Place(tmp_path / "file" / "local").target().prepare(free_port())


def test_the_edge_of_another_environment_is_somebody_else(place: Place, tmp_path: Path) -> None:
    place.target().prepare(place.port)
    other = Place(tmp_path / "other", port=place.port)
    obstacle = other.target().obstacle(place.port)
    assert obstacle
    assert "caddy" in obstacle
    assert str(place.seen("edge").pid) in obstacle


def test_the_edge_moves_to_another_port_and_goes_on_serving(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    old, place.port = place.port, free_port(place.port)
    target.prepare(place.port)
    assert place.version() == release.commit
    assert ask(old, "/version")[0] is None
    assert place.told == [f"the edge was restarted: it listens on port {place.port} now"]
    assert place.seen("r1").restarts == 0


def test_an_open_stream_ends_with_the_drain_and_the_end_is_clean(place: Place) -> None:
    target = place.target()
    old = place.serve(target, "r1", 1)
    stream = socket.create_connection(("127.0.0.1", place.port))
    stream.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    begun = b""
    while b"data: tick" not in begun:
        piece = stream.recv(65_536)
        assert piece, begun
        begun += piece
    place.serve(target, "r2", 2)
    assert target.inflight(old) == 1
    drained = target.retire(old)
    assert (drained.clean, drained.detail) == (True, "exit code 0")
    rest = b""
    while piece := stream.recv(65_536):
        rest += piece
    stream.close()
    assert b"event: reconnect" in rest


def test_a_slow_request_is_answered_by_the_release_that_got_it(place: Place) -> None:
    target = place.target()
    old, new = place.serve(target, "r1", 1), place.release("r2")
    place.ready(target, new)
    answers = []
    request = threading.Thread(target=lambda: answers.append(ask(place.port, "/slow?s=3")))
    request.start()
    eventually(lambda: target.inflight(old) == 1)
    target.route(new, 2)
    drained = target.retire(old)
    request.join()
    assert answers == [(200, {"git_sha": old.commit})]
    assert drained.clean
    assert drained.waited_s > 0.3


def test_a_request_that_outlasts_the_limit_is_cut_and_said(place: Place) -> None:
    target = place.target(stop_timeout_s=0.5)
    old = place.serve(target, "r1", 1)
    with socket.create_connection(("127.0.0.1", place.port)) as client:
        client.sendall(b"GET /slow?s=600 HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: target.inflight(old) == 1)
        place.serve(target, "r2", 2)
        drained = target.retire(old)
    assert not drained.clean
    assert "1 requests still open at the limit of 0.5 s" in drained.detail


def test_a_release_that_ignores_the_end_is_killed_with_all_it_started(place: Place) -> None:
    target = place.target(manners=["--stubborn", "--leave-child"], stop_timeout_s=0.5)
    release = place.release("r1")
    place.ready(target, release)
    family = [place.seen("r1").pid, *(child.pid for child in psutil.Process(place.seen("r1").pid).children())]
    assert len(family) == 2
    drained = target.retire(release)
    assert (drained.clean, target.health(release).exit_code) == (False, -9)
    assert "exit code -9" in drained.detail
    assert "no line 'shutdown_complete'" in drained.detail
    eventually(lambda: not any(map(psutil.pid_exists, family)))


def test_what_a_crashed_release_leaves_behind_does_not_pile_up(place: Place) -> None:
    target, release = place.target(manners=["--leave-child"]), place.release("r1")
    place.ready(target, release)
    left = psutil.Process(place.seen("r1").pid).children()[0]
    os.kill(place.seen("r1").pid, signal.SIGKILL)
    eventually(lambda: target.health(release).restarts == 1)
    eventually(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE)


def test_discard_leaves_no_trace(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    place.ready(target, release)
    target.discard(release)
    assert not list(place.state.rglob("*r1*"))


def test_a_stage_that_was_killed_half_way_is_taken_back(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    place.ready(target, release)
    unit = place.places.units / "r1.json"
    durable.part(unit).write_bytes(b'{"half')
    durable.remove(place.places.observed / "r1.json")
    target.discard(release)
    assert not list(place.state.rglob("*r1*"))


def test_the_edge_says_who_asked_and_its_log_says_who_answered(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    token = secrets.token_urlsafe(32)
    ask(place.port, f"/set-password/{token}", host="localhost")
    headers = ask(place.port, "/headers?token=let-me-in", host="localhost")[1]
    assert headers["X-Forwarded-For"] in {"127.0.0.1", "::1"}
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Request-Id"] != CHOSEN_ID
    log = place.places.edge / "access.log"
    eventually(lambda: '"uri":"/headers"' in log.read_text())
    assert f'"upstream":"{target.edge.target()}"' in log.read_text()
    assert '"uri":"/set-password"' in log.read_text()
    assert f'"request_id":"{headers["X-Request-Id"]}"' in log.read_text()
    assert token not in log.read_text()
    assert "let-me-in" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_edge_writes_nowhere_but_in_its_directory(place: Place) -> None:
    place.serve(place.target(), "r1", 1)
    process = psutil.Process(place.seen("edge").pid)
    environment = process.environ()
    home = str(place.places.edge)
    assert all(
        str(environment[name]).startswith(home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    )
    written = [opened.path for opened in process.open_files() if opened.mode != "r"]
    assert written
    assert all(path.startswith(home) for path in written)


def test_a_flip_takes_milliseconds(place: Place) -> None:
    target = place.target()
    first, second = place.serve(target, "r1", 1), place.serve(target, "r2", 2)
    moves = [target.route((first, second)[turn % 2], 3 + turn) for turn in range(10)]
    assert all(0 < move.act_s <= (move.answered_s or 0) for move in moves)
    # A busy machine delays some of them; what every one takes is what the quickest takes.
    assert min(move.act_s for move in moves) < 0.01
    assert min(move.answered_s or 1 for move in moves) < 0.05
    assert target.route(None, 20).answered_s is None


def test_switches_need_no_supervisor(place: Place) -> None:
    target = place.target()
    first, _ = place.serve(target, "r1", 1), place.serve(target, "r2", 2)
    place.kill_supervisor()
    target.route(first, 3)
    assert place.version() == first.commit
