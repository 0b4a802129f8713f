"""The supervisor as a program: it outlives the command, is killed, succeeded, and leaves nothing behind."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from hotelctl.deploy.targets import supervision
from hotelctl.deploy.targets.places import Places
from tests.deploy.targets.conftest import instances, running_below
from tests.deploy.targets.place import Place, ask, eventually
from tests.free_port import free_port

pytestmark = pytest.mark.system


def test_it_is_detached_small_and_alone(place: Place) -> None:
    supervision_before = psutil.Process().children()
    place.target().prepare(place.port)
    process = psutil.Process(place.supervisor_pid())
    assert psutil.Process().children() == supervision_before
    assert os.getsid(process.pid) not in {os.getsid(0), 0}
    assert os.getpgid(process.pid) != os.getpgid(0)
    assert process.cwd() == "/"
    assert process.terminal() is None
    mapped = Path(f"/proc/{process.pid}/maps").read_text()
    assert "pydantic" not in mapped
    assert "psutil" not in mapped
    assert process.memory_info().rss < 40_000_000
    assert "PYTEST_CURRENT_TEST" not in process.environ()


def test_a_second_one_gives_way(place: Place) -> None:
    place.target().prepare(place.port)
    first = place.supervisor_pid()
    supervision._launch(place.places)
    eventually(lambda: "another supervisor runs" in (place.places.supervisor / "log").read_text())
    assert place.supervisor_pid() == first


def test_ten_commands_at_once_start_one(place: Place) -> None:
    place.places.make()
    command = (
        "import sys, pathlib\n"
        "from hotelctl.deploy.targets import supervision\n"
        "from hotelctl.deploy.targets.places import Places\n"
        "supervision.ensure(Places(pathlib.Path(sys.argv[1])))\n"
    )
    argv = (sys.executable, "-c", command, str(place.state))
    commands = [subprocess.Popen(argv, cwd=Path(__file__).parents[3]) for _ in range(10)]
    assert [command.wait(timeout=120) for command in commands] == [0] * 10
    log = place.places.supervisor / "log"
    eventually(lambda: log.read_text().count("started pid=") == 1)


def test_it_outlives_the_commands_whole_process_group(place: Place) -> None:
    place.release("r1")
    program = (
        "import sys, pathlib, time\n"
        "from tests.deploy.targets.place import Place\n"
        "place = Place(pathlib.Path(sys.argv[1]), int(sys.argv[2]))\n"
        "place.serve(place.target(), 'r1', 1)\n"
        "print('served', flush=True)\n"
        "time.sleep(60)\n"
    )
    argv = (sys.executable, "-c", program, str(place.state), str(place.port))
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=Path(__file__).parents[3]
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "served\n"
        os.killpg(command.pid, signal.SIGKILL)
    before = place.seen("r1").pid
    assert place.version() == "commit-r1"
    os.kill(before, signal.SIGKILL)
    eventually(lambda: place.version() == "commit-r1" and place.seen("r1").pid != before)


def test_a_crash_is_followed_by_growing_pauses(place: Place) -> None:
    target, release = place.target(manners=["--crash"]), place.release("r1")
    target.stage(release, {})
    starts: list[float] = []

    def three_restarts() -> bool:
        began = place.seen("r1").started_at
        if began not in starts:
            starts.append(began)
        return len(starts) == 4

    eventually(three_restarts)
    pauses = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert pauses[0] >= 0.5
    assert pauses[1] >= 1
    assert pauses[2] >= 2
    # How long each run takes stands in them, too, which on a busy machine is more than half a second.
    assert pauses[2] > pauses[0]


def test_who_stages_anew_does_not_wait_for_the_pause(place: Place) -> None:
    release = place.release("r1")
    place.target(manners=["--crash"]).stage(release, {})
    eventually(lambda: place.seen("r1").restarts == 4)
    eventually(lambda: place.seen("r1").state == "waiting")
    began = time.monotonic()
    place.target(manners=["--crash"]).stage(release, {})
    assert place.seen("r1").restarts == 5
    assert time.monotonic() - began < 7, "the pause is eight seconds by now"


def test_killed_it_leaves_the_service_running_and_its_successor_adopts(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    before = (place.seen("r1").pid, place.seen("edge").pid)
    place.kill_supervisor()
    assert place.version() == release.commit
    target.prepare(place.port)
    assert (place.seen("r1").pid, place.seen("edge").pid) == before
    assert len(instances(place.state)) == 1
    assert target.health(release).restarts == 0


def test_an_adopted_instance_is_restarted_and_stopped_like_an_own_one(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.kill_supervisor()
    target.prepare(place.port)
    os.kill(place.seen("r1").pid, signal.SIGKILL)
    eventually(lambda: target.health(release).restarts == 1 and place.version() == release.commit)
    place.serve(target, "r2", 2)
    place.kill_supervisor()
    drained = target.retire(release)
    code = target.health(release).exit_code
    assert code in {0, None}, "Linux before 6.15 does not tell a stranger's exit code"
    assert drained.clean is (code == 0)
    assert "unknown" in drained.detail or drained.clean
    assert len(instances(place.state)) == 1


def test_a_verb_during_which_it_dies_goes_on_with_its_successor(place: Place) -> None:
    target, release = place.target(), place.release("r1")
    target.prepare(place.port)
    os.kill(place.supervisor_pid(), signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (place.supervisor_pid(), signal.SIGKILL))
    killer.start()
    assert target.stage(release, {}).alive
    killer.join()


def test_what_died_while_no_supervisor_ran_is_started_once(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.kill_supervisor()
    os.kill(place.seen("r1").pid, signal.SIGKILL)
    target.prepare(place.port)
    eventually(lambda: place.version() == release.commit)
    assert len(instances(place.state)) == 1
    assert (target.health(release).restarts, target.health(release).exit_code) == (1, None)


def test_killed_again_and_again_amid_starts_it_never_starts_twice(place: Place) -> None:
    target = place.target()
    target.prepare(place.port)
    for turn in range(12):
        release = place.release(f"r{turn}")
        unit = target._unit(release, {}, free_port())
        supervision.ask(place.places, unit, unit.desired)
        time.sleep(turn * 0.001)
        place.kill_supervisor()
        supervision.ensure(place.places)
    names = [f"r{turn}" for turn in range(12)]

    def as_seen() -> bool:
        seen = [supervision.observed(place.places, name) for name in names]
        return sorted(instances(place.state)) == sorted(one.pid if one else 0 for one in seen)

    eventually(as_seen)
    time.sleep(0.5)
    assert len(instances(place.state)) == len(names)
    assert as_seen()


def test_without_its_directory_it_ends_with_everything(place: Place) -> None:
    place.serve(place.target(), "r1", 1)

    def removed() -> bool:
        shutil.rmtree(place.state, ignore_errors=True)
        return not place.state.exists()

    eventually(removed)
    eventually(lambda: running_below(place.state) == [])
    assert not place.state.exists()


def test_terminated_it_stops_everything(place: Place) -> None:
    place.serve(place.target(), "r1", 1)
    os.kill(place.supervisor_pid(), signal.SIGTERM)
    eventually(lambda: not supervision.is_running(place.places))
    eventually(lambda: running_below(place.state) == [])


def test_a_unit_file_that_is_none_disturbs_nobody(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    (place.places.units / "broken.json").write_text("{")
    log = place.places.supervisor / "log"
    eventually(lambda: "broken: unreadable unit file" in log.read_text())
    (place.places.units / "broken.json").unlink()
    assert place.version() == release.commit
    assert log.read_text().count("unreadable") < 50


def test_a_log_above_its_limit_is_cut_while_it_is_written(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    log = place.places.release_log("r1")
    with log.open("ab") as handle:
        handle.write(b"x" * 10_000_001)
    eventually(lambda: log.stat().st_size < 1000)
    assert log.with_name("service.log.1").stat().st_size > 10_000_000
    place.serve(target, "r2", 2)
    assert target.retire(release).clean
    assert "shutdown_complete" in log.read_text()


def test_another_environment_does_not_see_it(place: Place, tmp_path: Path) -> None:
    place.serve(place.target(), "r1", 1)
    other = Places(tmp_path / "other")
    other.make()
    assert not supervision.is_running(other)
    assert ask(place.port, "/version")[0] == 200
