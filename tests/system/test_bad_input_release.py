"""Releases that do not start, are never ready, are another commit, or crash once they serve."""

import http.client
import re

import pytest

from tests.system.bad_input_server import POOR, PasswordServer
from tests.system.bad_input_witness import Witness
from tests.system.bad_input_world import Served, World, changed

pytestmark = pytest.mark.system

# It answers five times, then it is gone: enough for the gate, too little for the watch window.
CRASH = """\
            if path == "/ready" and self.__dict__.setdefault("asked", []).append(1) is None:
                if len(self.asked) > 5:
                    print("out of film", flush=True)
                    __import__("os")._exit(9)
            if path == "/ready" and method == "GET":
"""
READY = """\
            if path == "/ready" and method == "GET":
"""


def watched_long(world: World) -> None:
    """The window, which a crash ends, is long enough for a machine on which few probes fit into a second."""
    file = world.root / "hotelctl.toml"
    text = file.read_text()
    assert "window_s = 1.5" in text
    file.write_text(text.replace("window_s = 1.5", "window_s = 20"))


@pytest.mark.parametrize(
    ("name", "old", "new", "says", "hint"),
    [
        (
            "plainsvc/__main__.py",
            "    options = _arguments()\n",
            "    sys.exit('no licence file found')\n",
            ["ended with exit code 1; its last line: no licence file found"],
            "its log is kept: .hotelctl/local/deploys/",
        ),
        (
            "plainsvc/routes.py",
            '{"ready": self._notes.readable()}',
            "1 / 0",
            ["not ready within 8 s", "/ready last answered", "ZeroDivisionError"],
            "its log is kept",
        ),
        (
            "plainsvc/routes.py",
            'path == "/ready" and',
            'path == "/rdy" and',
            ["not ready within 8 s: /ready last answered 404", "no such page"],
            "its log is kept",
        ),
        (
            "plainsvc/about.py",
            '"commit": commit()',
            '"commit": "0" * 40',
            ["says that it runs commit '00000000", "built was '"],
            "/version must report the commit",
        ),
        (
            "plainsvc/routes.py",
            '"/version": about()',
            '"/version": "plain"',
            ["does not say which commit it runs: /version answered 200 'plain'"],
            "/version must answer JSON",
        ),
        (
            "plainsvc/routes.py",
            "return Answer(201, self._notes.add(text))",
            "return _refused(500, 'no ink')",
            ["smoke workflow a note lives and goes: POST /notes: answered 500, declared is 201"],
            "its log is kept",
        ),
    ],
    ids=["exits", "breaks", "never ready", "other commit", "no JSON", "smoke"],
)
def test_a_release_that_does_not_pass_the_gate(
    victim: Served, name: str, old: str, new: str, says: list[str], hint: str
) -> None:
    world = victim.world
    world.edit("hotelctl.toml", "ready_timeout_s = 12", "ready_timeout_s = 8")
    world.edit(name, old, new)
    world.commit()
    answered = victim.witness.answers.copy()
    ended = victim.refuses("deploy", code=10, says=["step stage", *says], hint=hint)
    kept = world.root / ended.hint.rpartition("its log is kept: ")[2]
    assert kept.is_file()
    assert kept.stat().st_mode & 0o077 == 0
    assert set(victim.witness.answers - answered) == {world.asked("/version")}


def test_a_release_that_crashes_once_it_serves(victim: Served) -> None:
    world = victim.world
    old = world.serving_port()
    watched_long(world)
    world.edit("plainsvc/routes.py", READY, CRASH)
    world.commit()
    before, version = world.standing(), world.version()
    with Witness(old, "/ready") as loyal:
        ended = world.run("deploy")
    assert ended.code == 11, ended.err
    assert ended.refusal.startswith("step switch: the new release crashed under watch (exit code 9)")
    assert "out of film" in ended.refusal
    world.settle(lambda: not changed(before, world.standing()))
    assert not changed(before, world.standing())
    assert world.version() == version
    assert loyal.answers.total() > 10
    assert not loyal.failures
    victim.witness.forgive()  # somebody may have met the crash itself


def test_a_first_release_that_crashes_once_it_serves(victim: Served, guarded_server: PasswordServer) -> None:
    world = victim.world.beside("other")
    watched_long(world)
    world.edit("plainsvc/routes.py", READY, CRASH)
    world.commit()
    before, neighbour = world.standing(), victim.world.standing()
    ended = world.run("deploy", env={"NOTES_DATABASE_URL": guarded_server.url("poor", POOR)})
    assert ended.code == 11, ended.err
    assert "crashed under watch (exit code 9)" in ended.refusal
    # The database was migrated before the switch, so its backup is kept.
    world.settle(lambda: set(changed(before, world.standing())) <= {"backups"})
    assert set(changed(before, world.standing())) <= {"backups"}
    assert not changed(neighbour, victim.world.standing())
    with pytest.raises(OSError, match="refused"):
        world.version()
    assert "nothing" in world.run("status").out


def test_a_release_that_answers_and_fails(victim: Served) -> None:
    """Ready at the gate, 500 for everybody later: whoever sees it first takes it back, watch or check."""
    world = victim.world
    watched_long(world)
    broken = CRASH.replace('print("out of film", flush=True)', "return _refused(500, 'no film')")
    world.edit("plainsvc/routes.py", READY, broken.replace('__import__("os")._exit(9)', "pass"))
    world.commit()
    ended = victim.refuses("deploy", code=11, says=["step switch"])
    assert re.search("probes failed under watch|/ready answers 500", ended.refusal)


@pytest.mark.parametrize("program", ["supervisor", "caddy"])
def test_a_program_that_was_killed_before(victim: Served, program: str) -> None:
    """The next deploy starts it again; that nobody was served in between is not the deploy's doing."""
    world = victim.world
    (pid,) = world.pids(program)
    world.kill(pid)
    world.wait(lambda: pid not in world.pids(program))
    ended = world.run("deploy")
    assert ended.code == 0, ended.err
    world.wait(lambda: len(world.pids(program)) == 1)
    assert world.version()["commit"] == world.good
    assert "runs" in world.run("status").out
    victim.witness.forgive()


def test_after_all_that_a_good_release_is_deployed_and_taken_back(victim: Served) -> None:
    world = victim.world
    commit = world.release("1.2.0")
    deployed = world.run("deploy")
    assert deployed.code == 0, deployed.err
    assert world.version() == {"name": "plainsvc", "version": "1.2.0", "commit": commit}
    back = world.run("rollback")
    assert back.code == 0, back.err
    assert world.version()["commit"] == world.good
    assert not victim.witness.failures
    connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=60)
    connection.request("GET", "/notes")
    assert b"kept through everything" in connection.getresponse().read()
    connection.close()
