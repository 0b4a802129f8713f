"""What a person gives wrongly: where hotelctl runs, its flags, the service file, the state of the checkout.

Each case is refused in one line and a hint, and what serves does not notice.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.checkout import SOURCE, git
from tests.system.bad_input_world import Served, World

pytestmark = pytest.mark.system

CHANGING = ("deploy", "rollback", "resume", "abort")


def elsewhere(world: World, place: Path) -> World:
    """The same command line in another directory."""
    return World(place, "local", world.port, world.temporary)


@pytest.mark.parametrize("command", ["deploy", "validate"])
def test_no_repository(victim: Served, tmp_path: Path, command: str) -> None:
    shutil.copy(SOURCE / "hotelctl.toml", tmp_path)
    ended = elsewhere(victim.world, tmp_path).run(command)
    assert ended.code == 2
    assert ended.refusal == f"{tmp_path}: is no git repository"
    assert "git init" in ended.hint
    assert [path.name for path in tmp_path.iterdir()] == ["hotelctl.toml"]


def test_no_way_back_from_the_first_release(victim: Served) -> None:
    says = ["step choose: no good release is older than the serving one"]
    victim.refuses("rollback", code=10, says=says, hint="no other one is kept; hotelctl history")


def test_a_repository_without_a_commit(victim: Served, tmp_path: Path) -> None:
    shutil.copy(SOURCE / "hotelctl.toml", tmp_path)
    git(tmp_path, "init", "--quiet")
    ended = elsewhere(victim.world, tmp_path).run("deploy")
    assert ended.code == 2
    assert ended.refusal == f"{tmp_path}: the git repository has no commit yet"
    assert "git commit" in ended.hint
    assert {path.name for path in tmp_path.iterdir()} == {".git", "hotelctl.toml"}


def test_nothing_that_says_what_the_service_is(victim: Served, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    ended = elsewhere(victim.world, tmp_path).run("deploy")
    assert ended.code == 2
    assert ended.refusal.startswith("no hotelctl.toml here")
    assert "--service" in ended.hint


@pytest.mark.parametrize("kind", ["modified", "untracked", "staged", "deleted", "hidden"])
def test_a_checkout_that_is_not_what_is_committed(victim: Served, kind: str) -> None:
    root = victim.world.root
    name = "a new file.py" if kind in {"untracked", "staged"} else "plainsvc/notes.py"
    if kind == "hidden":
        git(root, "update-index", "--assume-unchanged", name)
    if kind == "deleted":
        (root / name).unlink()
    else:
        (root / name).write_text("# changed\n")
    if kind == "staged":
        git(root, "add", name)
    words = "hidden from git status" if kind == "hidden" else "changed or untracked"
    hint = "--no-assume-unchanged" if kind == "hidden" else "git commit"
    victim.refuses("deploy", code=10, says=["step preflight", "OPS001", name, words], hint=hint)


@pytest.mark.parametrize(
    ("old", "new", "says", "hint"),
    [
        ("[run]\n", "[run\n", ["hotelctl.toml:28: is not TOML"], "mend"),
        ("[run]\n", "[runn]\n", ["hotelctl.toml:28: unknown key 'runn'", "did you mean 'run'?"], "run"),
        (
            "ready_timeout_s = 12",
            "ready_timeout = 6",
            ["hotelctl.toml:30: unknown key 'run.ready_timeout'; did you mean 'ready_timeout_s'?"],
            "",
        ),
        ("ready_timeout_s = 12", 'ready_timeout_s = "soon"', ["hotelctl.toml:30: run.ready_timeout_s"], ""),
        ("window_s = 1.5 }\n\n", "window_s = -1 }\n\n", ["environments.local.watch.window_s"], ""),
        ('title = "Plain notes"\n', "", ["hotelctl.toml:3: service.title is missing"], ""),
        ('"{port}"', '"{prot}"', ["hotelctl.toml:29: run.command", "{prot}; did you mean {port}?"], "braces"),
        ('contract = "env.toml"', 'contract = "gone.toml"', ["env.contract names gone.toml"], "gone.toml"),
    ],
)
def test_a_service_file_that_cannot_be_meant(
    victim: Served, old: str, new: str, says: list[str], hint: str
) -> None:
    victim.world.edit("hotelctl.toml", old, new)
    victim.refuses("deploy", code=2, says=says, hint=hint)


@pytest.mark.parametrize("command", ["deploy", "plan", "validate"])
def test_a_contract_that_cannot_be_meant(victim: Served, command: str) -> None:
    victim.world.edit("env.toml", 'type = "str"', 'typ = "str"')
    says = ["env.toml:13: unknown field 'NOTES_GREETING.typ'; did you mean 'type'?"]
    victim.refuses(command, code=2, says=says, hint="mend env.toml")


def test_a_service_file_that_is_no_text(victim: Served) -> None:
    file = victim.world.root / "hotelctl.toml"
    lines = file.read_bytes().count(b"\n")
    file.write_bytes(file.read_bytes() + b"# caf\xe9\n")
    victim.refuses("deploy", code=2, says=[f"hotelctl.toml:{lines + 1}: is not UTF-8"], hint="UTF-8")


@pytest.mark.parametrize(
    ("words", "says", "hint"),
    [
        ("deploy --service gone.toml", ["gone.toml: cannot be read: No such file"], "path"),
        ("deploy --service .", [": cannot be read: Is a directory"], "path"),
        ("deploy --env othr", ["no environment 'othr'; did you mean 'other'?"], "known: local, other"),
        ("explain ENV01", ["no rule is called 'ENV01'; did you mean 'ENV01"], "--list"),
        ("explain NOPE", ["no rule is called 'NOPE'"], "--list"),
        ("validate --only nope", ["no section or rule in --only is called 'nope'"], "--list"),
        ("validate --only enviroment", ["did you mean 'environment'?"], "--list"),
        ("validate --required NOPE1", ["--required"], "--list"),
        ("validate --output xml=a", ["--output 'xml=a' is not FMT=PATH"], "console, json, markdown"),
        ("deploy --verbose --quiet", ["contradict"], "one of them"),
        ("resume", ["there is nothing to resume"], "history"),
        ("abort", ["there is nothing to abort"], "history"),
        ("resolve --reason x", ["nothing is frozen"], "status"),
        ("report show gone", ["there is no report 'gone'"], "newest"),
        ("report verify gone", ["there is no report 'gone'"], "newest"),
        ("report verify ../../../etc", ["there is no report"], "newest"),
        ("logs gone", ["there is no operation gone"], "newest"),
    ],
)
def test_words_that_name_nothing(victim: Served, words: str, says: list[str], hint: str) -> None:
    victim.refuses(*words.split(), code=2, says=says, hint=hint)


@pytest.mark.parametrize(
    ("words", "says", "hint"),
    [
        ("deplyo", "No such command 'deplyo'. Did you mean 'deploy'?", "hotelctl --help"),
        ("deploy --bogus", "No such option: --bogus", "hotelctl deploy --help"),
        ("deploy --port 70000", "'--port'", "hotelctl deploy --help"),
        (
            "deploy --format xml",
            "'xml' is not one of 'console', 'json', 'markdown'",
            "hotelctl deploy --help",
        ),
        ("resolve", "--reason", "hotelctl resolve --help"),
        ("report show --bogus", "No such option: --bogus", "hotelctl report show --help"),
    ],
)
def test_flags_that_do_not_exist(victim: Served, words: str, says: str, hint: str) -> None:
    ended = victim.refuses(*words.split(), code=2, says=[says], hint=hint)
    assert len(ended.err.splitlines()) == 2


def test_a_closed_pipe_is_no_failure(victim: Served) -> None:
    whole = subprocess.run(
        [
            "/bin/bash",
            "-c",
            '"$0" -m hotelctl explain --list | head -1; echo "${PIPESTATUS[0]}"',
            sys.executable,
        ],
        cwd=victim.world.root,
        env=victim.world.environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *first, code = whole.stdout.splitlines()
    assert len(first) == 1
    assert code in {"0", "141"}
    assert whole.stderr == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"COLUMNS": "40"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"HOME": None},
        {"LANG": "de_DE.UTF-8", "LC_ALL": "nonsense"},
    ],
    ids=str,
)
def test_odd_terminals_and_bare_environments(victim: Served, changes: dict[str, str | None]) -> None:
    world = victim.world
    (world.root / "new").write_text("x")
    ended = victim.refuses("deploy", code=10, says=["OPS001 new"], hint="git", env=changes)
    width = int(changes.get("COLUMNS") or 80)
    assert max(map(len, ended.out.splitlines())) <= max(width, 80)


def test_a_subdirectory_is_the_same_project(victim: Served) -> None:
    world = victim.world
    here, there = (
        world.run("status", "--format", "json"),
        world.run("status", "--format", "json", cwd=world.root / "plainsvc"),
    )
    assert there.code == 0, there.err
    assert there.out == here.out
    assert not (world.root / "plainsvc" / ".hotelctl").exists()


def test_a_directory_that_is_gone(victim: Served, tmp_path: Path) -> None:
    place = tmp_path / "gone"
    place.mkdir()
    ended = subprocess.run(
        ["/bin/bash", "-c", 'rmdir "$PWD"; exec "$0" -m hotelctl status', sys.executable],
        cwd=place,
        env=victim.world.environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr == "hotelctl: the current directory is gone\nhint: cd into the project\n"


@pytest.mark.parametrize("command", CHANGING)
def test_a_second_one_at_the_same_time(victim: Served, command: str) -> None:
    world = victim.world
    with (world.state / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = world.run(command)
    assert ended.code == 73
    assert ended.refusal.startswith("the environment is locked: ")
    assert "hotelctl lock status" in ended.hint
