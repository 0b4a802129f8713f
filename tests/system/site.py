"""One environment of the second service: a checkout of its own, and the command line as people run it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.deploy.journal import Record
from hotelctl.deploy.targets.places import Places
from tests.free_port import free_port
from tests.services.checkout import add_migration, commit_all, plain_checkout, release_change
from tests.system import journals

if TYPE_CHECKING:
    from tests.system.wharf import Wharf

REPOSITORY = Path(__file__).parents[2]
LIMIT_S = 300.0
# What would make a run depend on who starts the tests.
_FOREIGN = ("DATABASE_URL", "TEST_DATABASE_URL", "NOTES_DATABASE_URL", "HOTELCTL_FAULT", "FORCE_COLOR")
_SLOW_BUILD = '"-m", "build", "--wheel", "--no-isolation", "--outdir", "{out}", "{source}"'
_QUICK_BUILD = '"-m", "hatchling", "build", "--target", "wheel", "--directory", "{out}"'
_ALL_TESTS = '["{python}", "-m", "pytest", "-q", "--junitxml={junit}", "tests"]'
_FEW_TESTS = """[
    "env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", "{python}", "-m", "pytest", "-q", "-p", "no:cacheprovider",
    "--junitxml={junit}", "tests/test_routes.py", "-k", "{words}",
]"""
# It loads while the release starts, or traffic moves: a deploy that is killed must not leave it behind.
_WAITS = """
[[smoke.command]]
name = "waits to be told"
run = ["{venv}/bin/python", "-c", '''
import json, sys, urllib.request
if not sys.stdin.readline():
    sys.exit(1)
urllib.request.urlopen(sys.argv[1] + "/version").close()
told = dict(name="told", status="PASS", why="", seconds=0, requests=1)
print(json.dumps(dict(results=[told])))
''', "{url}"]
waits = true
"""
_NO_DATABASE = 'database_env = "TEST_DATABASE_URL"\n'


@dataclass(frozen=True, slots=True)
class Ended:
    """How one command ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        """For the message of a failed assertion."""
        return f"hotelctl {' '.join(self.words)}: exit {self.code}\n{self.out[-2000:]}\n{self.err[-3000:]}"

    def expect(self, code: int) -> "Ended":
        """The same, when it ended with `code`."""
        assert self.code == code, str(self)
        return self


@dataclass
class Site:
    """`root` is the checkout; temporary files of every command go to `temporary`.

    `wharf` is what it has on a container engine, where it is served from one.
    """

    root: Path
    port: int
    temporary: Path
    turn: int = field(default=0)
    wharf: "Wharf | None" = None

    @property
    def state(self) -> Path:
        return self.root / ".hotelctl" / "local"

    @property
    def places(self) -> Places:
        return Places(self.state)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *words: str, fault: str = "") -> "subprocess.Popen[str]":
        """The running command, in a session of its own, as a shell gives each job its own group."""
        env = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        env |= {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(self.temporary), "NO_COLOR": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "hotelctl", *words],
            cwd=self.root,
            env=env | ({"HOTELCTL_FAULT": fault} if fault else {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, fault: str = "") -> Ended:
        """The ended command; one that does not end is killed with all its group and fails the test."""
        return self.end(self.start(*words, fault=fault), *words)

    @staticmethod
    def end(process: "subprocess.Popen[str]", *words: str) -> Ended:
        """How `process` ended."""
        try:
            out, err = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"no end after {LIMIT_S} s: {Ended(words, -9, out, err)}") from None
        return Ended(words, process.returncode, out, err)

    def deploy(self, *words: str) -> Ended:
        return self.run("deploy", "--yes", *words)

    def facts(self, *words: str) -> Any:  # noqa: ANN401 - JSON of a command
        """What the command prints with `--format json`."""
        return json.loads(self.run(*words, "--format", "json").expect(0).out)

    def change(self) -> str:
        """A new commit that another version belongs to."""
        self.turn += 1
        return release_change(self.root, f"1.{self.turn}.0")

    def migrate(self, sql: str | None = None) -> str:
        """A new commit with one more migration, by default one that the former release never notices."""
        self.change()
        name = f"{self.turn + 100:04}_turn.sql"
        return add_migration(self.root, name, sql or f"ALTER TABLE notes ADD COLUMN turn_{self.turn} text;\n")

    def answers(self, path: str = "/version") -> Any:  # noqa: ANN401 - the service's own JSON
        """What people get through the edge, with 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == HTTPStatus.OK, (path, answer.status)
            return json.load(answer)
        finally:
            connection.close()

    def operations(self) -> tuple[str, ...]:
        """The ids of all operations that wrote a record, oldest first."""
        return tuple(
            path.parent.name
            for path in sorted(self.state.glob("deploys/*/journal.jsonl"))
            if path.stat().st_size
        )

    def records(self, operation: str = "") -> tuple[Record, ...]:
        """The journal of `operation`, by default of the newest."""
        return journals.read(self.state / "deploys" / (operation or self.operations()[-1]) / "journal.jsonl")

    def report(self, name: str = "latest") -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "reports" / name / "report.json").read_text())
        return found

    def stop(self) -> None:
        """Everything of the environment is stopped, as `make stop` does it."""
        if self.state.is_dir():
            argv = [sys.executable, "-m", "hotelctl.cli._stop", "--state", str(self.state)]
            subprocess.run(argv, cwd=REPOSITORY, check=True, timeout=LIMIT_S, capture_output=True)

    def forget(self) -> None:
        """As before the first deploy; only what packages need not be fetched for again stays."""
        self.stop()
        if self.wharf is not None:
            self.wharf.clear()
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.rmtree(self.root / "reports", ignore_errors=True)


@contextmanager
def site(parent: Path, *, words: str = "stored or healthy") -> Iterator[Site]:
    """A committed checkout on a free port that really builds, tests and watches, but for a moment only.

    `words` choose its tests; without any, one that needs no database. Whatever ran is stopped at the end.
    """
    root = plain_checkout(parent)
    file = root / "hotelctl.toml"
    port, text = free_port(), file.read_text()
    tests = _FEW_TESTS.replace("{words}", words or "dead_database")
    changes = {_SLOW_BUILD: _QUICK_BUILD, _ALL_TESTS: tests} | ({} if words else {_NO_DATABASE: ""})
    for usual, quick in changes.items():
        assert usual in text
        text = text.replace(usual, quick)
    here = f"\n[environments.local]\nport = {port}\nwatch = {{window_s = 0.3}}\n"
    file.write_text(text + _WAITS + here)
    commit_all(root, "Settings of this machine")
    temporary = parent / "tmp"
    temporary.mkdir()
    made = Site(root, port, temporary)
    try:
        yield made
    finally:
        made.stop()
