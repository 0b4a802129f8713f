"""What hotelctl wrote itself and somebody damaged, ways back that are gone, and disks that refuse."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.cli._stop import stop_all
from hotelctl.deploy.targets.places import Places
from tests.free_port import free_port
from tests.services.checkout import git
from tests.system.bad_input_project import quick_checkout
from tests.system.bad_input_world import Served, World

pytestmark = pytest.mark.system

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")


def journal(world: World) -> Path:
    """The newest one."""
    return max(world.state.glob("deploys/*/journal.jsonl"))


def recorded(world: World) -> tuple[str, Path]:
    """What history tells, and which report is the newest."""
    return world.run("history").out, (world.root / "reports" / "latest").resolve()


@pytest.mark.parametrize(
    ("damage", "commands"),
    [
        ("a changed byte", ["deploy", "rollback", "resume"]),
        ("a lost line", ["deploy"]),
        ("garbage", ["deploy"]),
    ],
)
def test_a_journal_that_somebody_edited(victim: Served, damage: str, commands: list[str]) -> None:
    file = journal(victim.world)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    broken = {
        "a changed byte": [*lines[:2], lines[2].replace(b'"kind"', b'"kimd"', 1), *lines[3:]],
        "a lost line": [*lines[:2], *lines[3:]],
        "garbage": [*lines[:2], b"garbage\n", *lines[3:]],
    }
    file.write_bytes(b"".join(broken[damage]))
    try:
        for command in commands:
            says = [f"the journal of {file.parent.name} is damaged: line "]
            victim.refuses(command, code=12, says=says, hint="hotelctl")
        for command in ("status", "history", "logs"):
            looked = victim.world.run(command, "--format", "json")
            assert (looked.code, " is damaged: line " in looked.out) == (0, True)
        assert file.read_bytes() == b"".join(broken[damage])
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize(
    ("name", "data", "code", "says", "hint"),
    [
        ("frozen.json", '{"op', 12, "frozen: {}: cannot be read: it is no JSON", "hotelctl resolve --reason"),
        ("fence", "", 2, "{}: cannot be read: it is empty", "the newest that was given"),
    ],
    ids=["frozen.json", "fence"],
)
def test_a_small_file_that_somebody_spoilt(
    victim: Served, name: str, data: str, code: int, says: str, hint: str
) -> None:
    file = victim.world.state / name
    whole = file.read_bytes() if file.exists() else None
    (victim.world.state / "deploys" / "old").mkdir()
    file.write_text(data)
    words = says.format(file.relative_to(victim.world.state.parent.parent))
    try:
        for command in ("deploy", "rollback", "resume", "abort"):
            victim.refuses(command, code=code, says=[words], hint=hint)
        assert victim.world.run("status").code == 0
        assert file.read_text() == data
    finally:
        (victim.world.state / "deploys" / "old").rmdir()
        file.unlink() if whole is None else file.write_bytes(whole)


def test_a_torn_last_line_is_no_damage(victim: Served) -> None:
    file = journal(victim.world)
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"seq": 99, "kind": "int')
    assert victim.world.run("status").code == 0
    assert victim.world.run("history").code == 0
    file.write_bytes(whole)


def test_no_way_back_to_what_never_was(victim: Served) -> None:
    # One letter of a commit names none, however many commits begin with it.
    for wanted in ("9.9.9", victim.world.good[:1]):
        before = recorded(victim.world)
        says = [f"no good release {wanted!r} is kept"]
        victim.refuses("rollback", "--to", wanted, code=2, says=says, hint="kept are: ")
        assert recorded(victim.world) == before


def test_no_way_back_where_nothing_serves(victim: Served) -> None:
    other = victim.world.beside("other")
    before = victim.world.standing()
    ended = other.run("rollback", env={"NOTES_DATABASE_URL": "postgresql://n@127.0.0.1:1/n"})
    assert ended.code == 10, ended.err
    assert ended.refusal == "step choose: nothing serves, so there is nothing to roll back"
    assert ended.hint == "hotelctl deploy"
    assert victim.world.standing() == before
    other.forget()


def test_a_way_back_whose_artifact_is_gone_or_whose_installation_was_edited(victim: Served) -> None:
    world = victim.world
    former = json.loads(world.run("status", "--format", "json").out)["serving"].rpartition(" ")[2]
    world.release("1.1.0")
    assert world.run("deploy").code == 0
    (wheel,) = (world.state / "releases" / former / "artifact").glob("*.whl")
    kept = wheel.read_bytes()
    wheel.write_bytes(kept + b"x")
    says = ["step choose: the artifact of 1.0.0-", "is gone or was changed"]
    victim.refuses("rollback", code=10, says=says)
    wheel.unlink()
    victim.refuses("rollback", code=10, says=says, hint="--to")
    wheel.write_bytes(kept)
    (installed,) = (world.state / "releases" / former / "venv").glob("lib/*/site-packages/plainsvc/about.py")
    text = installed.read_text()
    installed.write_text(text + "# edited\n")
    says = ["step choose: what is installed of 1.0.0-", "plainsvc/about.py is not what was built"]
    victim.refuses("rollback", code=10, says=says, hint="--to")
    told = world.run("verify")
    assert told.code == 1, told.err
    assert "plainsvc/about.py is not what was built" in told.out
    installed.write_text(text)
    assert world.run("rollback").code == 0
    assert world.version()["commit"] == world.good


def test_an_old_release_that_does_not_come_up_again_is_stopped(victim: Served) -> None:
    """Its pinned variables lead to no database: the supervisor must not go on restarting it."""
    world = victim.world
    former = json.loads(world.run("status", "--format", "json").out)["serving"].rpartition(" ")[2]
    world.release("1.1.1")
    assert world.run("deploy").code == 0
    serving = world.version()["commit"]
    pinned = world.state / "releases" / former / "env.json"
    kept = pinned.read_text()
    pinned.write_text(json.dumps({**json.loads(kept), "NOTES_DATABASE_URL": "postgresql://n@127.0.0.1:1/n"}))
    ended = world.run("rollback")
    pinned.write_text(kept)
    assert ended.code == 10, ended.err
    assert ended.refusal.startswith("step stage: ")
    assert f"releases/{former}/log/service.log" in ended.hint
    unit = json.loads((world.state / "supervisor" / "units" / f"{former}.json").read_text())
    observed = json.loads((world.state / "supervisor" / "observed" / f"{former}.json").read_text())
    assert (unit["desired"], observed["state"]) == ("stopped", "stopped")
    assert world.version()["commit"] == serving
    report = json.loads((world.root / "reports" / "latest" / "report.json").read_text())
    assert (report["verdict"], report["git"]["commit"]) == ("stopped", world.good)
    assert world.run("rollback").code == 0
    assert world.version()["commit"] == world.good


def test_a_report_with_one_changed_byte(victim: Served) -> None:
    world = victim.world
    place = world.root / "reports" / "latest"
    assert world.run("report", "verify", "--any-commit").code == 0
    file = place / "report.json"
    whole = file.read_bytes()
    at = whole.index(b'"duration_s": ') + len(b'"duration_s": ')
    file.write_bytes(whole[:at] + (b"9" if whole[at : at + 1] != b"9" else b"8") + whole[at + 1 :])
    try:
        ended = world.run("report", "verify", "--any-commit")
        assert ended.code == 1
        assert "report.json" in ended.out
    finally:
        file.write_bytes(whole)
    evidence = place / "evidence.jsonl"
    kept = evidence.read_bytes()
    evidence.write_bytes(kept.replace(b"duration", b"Duration", 1))
    try:
        ended = world.run("report", "verify", "--any-commit")
        assert ended.code == 1
        assert "evidence.jsonl line " in ended.out
    finally:
        evidence.write_bytes(kept)


@pytest.fixture
def apart(open_place: Path) -> Iterator[World]:
    """A project of its own in which nothing was ever deployed; `.hotelctl` may be mounted."""
    place = open_place / "apart"
    place.mkdir()
    port = free_port()
    root = quick_checkout(place, {"local": port})
    (place / "tmp").mkdir()
    world = World(root, "local", port, place / "tmp", git(root, "rev-parse", "HEAD"))
    (root / ".hotelctl").mkdir()
    yield world
    list(stop_all(Places(world.state)))
    if os.path.ismount(root / ".hotelctl"):
        subprocess.run(["umount", str(root / ".hotelctl")], check=True, timeout=20)
    shutil.rmtree(place)


def small(world: World, size: str) -> None:
    """The project's state directory holds no more than `size`."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(world.root / ".hotelctl")]
    subprocess.run(words, check=True, timeout=20)


@ROOT_ONLY
@pytest.mark.parametrize(
    ("size", "says"),
    [
        ("8k", "no space is left on the disk"),
        ("1m", "PostgreSQL cannot make its data directory: could not write to file"),
        ("30m", "No space left on device"),
        ("150m", "MB are free on the disk of .hotelctl/local, 500 MB are needed"),
    ],
)
def test_a_disk_that_is_too_small(apart: World, size: str, says: str) -> None:
    small(apart, size)
    ended = apart.run("deploy")
    assert ended.code == 10, ended.err
    assert says in ended.refusal
    assert "room" in ended.hint
    assert apart.programs() == []
    assert apart.run("status").code == 0


FILLS = """
import os

place = Path(sys.argv[1]).parents[2]
free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
with (place / "filler").open("wb") as file:
    os.posix_fallocate(file.fileno(), 0, free - 15_000_000)
"""


@ROOT_ONLY
def test_a_disk_that_fills_up_under_way(apart: World) -> None:
    small(apart, "650m")
    quick = apart.root / "quick_tests.py"
    quick.write_text(quick.read_text() + FILLS)
    apart.commit()
    ended = apart.run("deploy")
    assert "no space left" in ended.refusal.lower().replace("is left", "left"), ended.err
    left = apart.programs()
    (apart.state / "filler").unlink()
    if ended.code == 75:
        # Not even the last line of the journal had room: what was begun is taken back when it is resumed.
        # Until then the environment's database may run, and nothing else.
        assert {name for _, name in left} <= {"postgres"}
        ended = apart.run("resume")
        left = apart.programs()
    assert (ended.code, left) == (10, []), ended.err
    git(apart.root, "reset", "--quiet", "--hard", apart.good)
    again = apart.run("deploy")
    assert again.code == 0, again.err
    assert apart.version()["commit"] == apart.good


def test_a_state_directory_that_is_a_file(apart: World) -> None:
    (apart.root / ".hotelctl").rmdir()
    (apart.root / ".hotelctl").write_text("mine\n")
    ended = apart.run("deploy")
    assert ended.code == 2, ended.err
    assert ".hotelctl" in ended.refusal
    assert "cannot be written" in ended.refusal
    (apart.root / ".hotelctl").unlink()


@ROOT_ONLY
def test_a_state_directory_that_may_not_be_written(apart: World) -> None:
    """Read-only for root as well, which no permission bit would be."""
    small(apart, "1m")
    subprocess.run(["mount", "-o", "remount,ro", str(apart.root / ".hotelctl")], check=True, timeout=20)
    for command in ("deploy", "rollback"):
        ended = apart.run(command)
        assert ended.code == 2, ended.err
        assert ".hotelctl" in ended.refusal
        assert "cannot be written: read-only file system" in ended.refusal
        assert "right to write" in ended.hint
    assert apart.run("status").code == 0
