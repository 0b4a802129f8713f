"""A project whose deploys are refused: the command line as people run it, and what must stay as it was."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

import psutil
import psycopg

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.cli._stop import stop_all
from hotelctl.core.check import Stage
from hotelctl.deploy.targets.places import Places
from tests.services.checkout import commit_all, git, release_change
from tests.system.bad_input_project import back_to, replace
from tests.system.bad_input_witness import Witness

SOURCES = Path(__file__).parents[2]
LIMIT_S = 300
_KEPT = {"journal.jsonl", "junit.xml", "release.log", *(f"checks-{stage.value}.json" for stage in Stage)}
_PASSED_ON = ("PATH", "HOME", "LANG", "TZ")
_SCHEMA = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one command ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        """All that went to stderr, as if there were no end of a line to fold at."""
        return " ".join(self.err.split())

    @property
    def refusal(self) -> str:
        """The one line that says why."""
        found = [line for line in self.err.splitlines() if line.startswith("hotelctl: ")]
        assert len(found) == 1, self.err
        return found[0].removeprefix("hotelctl: ")

    @property
    def hint(self) -> str:
        """The one line that says what to do; it follows the refusal and nothing follows it."""
        *_, refusal, hint = ("", "", *self.err.splitlines())
        assert refusal.startswith("hotelctl: "), self.err
        assert hint.startswith("hint: "), self.err
        return hint.removeprefix("hint: ")


@dataclass(slots=True)
class World:
    """One project, one of its environments, and the secrets that no output may show."""

    root: Path
    environment: str
    port: int
    temporary: Path
    good: str = ""
    secrets: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        """The environment's state directory."""
        return self.root / ".hotelctl" / self.environment

    def environ(self, changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """The variables of a command; a change to None takes one away."""
        env = {k: v for k, v in os.environ.items() if k in _PASSED_ON or k.startswith("PIP_")}
        wanted: dict[str, str | None] = {
            **env,
            "PYTHONPATH": str(SOURCES),
            "TMPDIR": str(self.temporary),
            **(changes or {}),
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def words(self, *words: str) -> list[str]:
        """The whole command line."""
        chosen = () if self.environment == "local" or not takes_env(words) else ("--env", self.environment)
        return [sys.executable, "-m", "hotelctl", *words, *chosen]

    def run(self, *words: str, env: Mapping[str, str | None] | None = None, cwd: Path | None = None) -> Ended:
        """A command of hotelctl in this environment, run to its end; its output shows no secret."""
        done = subprocess.run(
            self.words(*words),
            cwd=cwd or self.root,
            env=self.environ(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        ended = Ended(tuple(words), done.returncode, done.stdout, done.stderr)
        both = ended.out + ended.err
        assert "Traceback" not in both, both
        assert not [secret for secret in self.secrets if secret in both], both
        return ended

    def beside(self, environment: str) -> "World":
        """Another environment of the same project."""
        port = tomllib.loads((self.root / "hotelctl.toml").read_text())["environments"][environment]["port"]
        return replaced(self, environment=environment, port=port)

    def forget(self) -> None:
        """As if nothing had ever been deployed in this environment."""
        list(stop_all(Places(self.state)))
        shutil.rmtree(self.state, ignore_errors=True)
        for tag in git(self.root, "tag", "--list", f"{self.environment}/*").split():
            git(self.root, "tag", "--delete", tag)

    def restore(self) -> None:
        """The checkout is the good one again."""
        back_to(self.root, self.good)

    def edit(self, name: str, old: str, new: str) -> None:
        """The one place in the file that says `old` says `new` now."""
        replace(self.root, name, {old: new})

    def commit(self, message: str = "A change") -> str:
        """What was changed is a commit now."""
        return commit_all(self.root, message)

    def add_note(self, words: str) -> None:
        """A row in the service's database, made as everybody makes one."""
        body = json.dumps({"text": words}).encode()
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/notes", body, timeout=60).close()

    def version(self) -> dict[str, str]:
        """What the service says of itself, asked through the edge."""
        found: dict[str, str] = json.loads(self.asked("/version"))
        return found

    def asked(self, path: str) -> str:
        """What comes back through the edge."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as reply:
            return str(reply.read().decode())

    def serving_port(self) -> int:
        """Where the release that serves listens itself."""
        return int(_text(self.state / "edge" / "active").rpartition(":")[2])

    def release(self, version: str) -> str:
        """A commit that is another version."""
        return release_change(self.root, version)

    def pids(self, program: str) -> list[int]:
        """The processes of the supervisor, or of `caddy`, of this environment."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline", "cwd"]):
            words = " ".join(process.info["cmdline"] or [])
            if program in words and str(self.state) in f"{words} {process.info['cwd']}":
                found.append(process.info["pid"])
        return found

    @staticmethod
    def kill(pid: int) -> None:
        """As the kernel does it when memory is short."""
        os.kill(pid, signal.SIGKILL)

    def standing(self) -> dict[str, Any]:
        """Everything that a refused command must leave as it was."""
        state = self.state
        return {
            "pointer": _text(state / "edge" / "active"),
            "frozen": (state / "frozen.json").exists(),
            "lock is free": _is_free(state / "lock"),
            "releases": _names(state / "releases"),
            "backups": _names(state / "backups"),
            "units": [name for name in _names(state / "supervisor" / "units") if name != "edge.json"],
            "scratch servers": _names(state / "scratch"),
            "exports": sorted(
                str(p.relative_to(state)) for p in state.glob("deploys/*/*") if p.name not in _KEPT
            ),
            "temporary files": _names(self.temporary),
            "programs": self.programs(),
            "tags": git(self.root, "tag", "--list"),
            "database": self.database(),
        }

    def programs(self) -> list[tuple[int, str]]:
        """Every program of this environment that runs, a database's own children left out."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline", "cwd"]):
            words = process.info["cmdline"] or []
            ours = [word for word in (*words, process.info["cwd"] or "") if str(self.state) in word]
            # One that is just ending has no words any more.
            counts = ours and words and not words[0].startswith("postgres: ")
            if counts and process.info["pid"] != os.getpid():
                found.append((process.info["pid"], Path(words[0]).name))
        return sorted(found)

    def server_url(self) -> str:
        """The environment's own server as superuser; empty while none runs."""
        return EmbeddedPostgres(Places(self.state).postgres).url() or ""

    def database_url(self) -> str:
        """The service's database on that server."""
        return self.server_url().replace("/postgres?", "/plain_notes?")

    def queries(self) -> list[str]:
        """What runs on that server now."""
        asked = "SELECT query FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        return [str(query) for (query,) in _rows(self.server_url(), asked)]

    def wait(self, holds: Callable[[], bool], limit_s: float = 60) -> None:
        """Return once it holds."""
        end = time.monotonic() + limit_s
        while not holds():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.05)

    @staticmethod
    def settle(holds: Callable[[], bool]) -> None:
        """Return once it holds, or after ten seconds: whoever asks then says what does not."""
        end = time.monotonic() + 10
        while not holds() and time.monotonic() < end:
            time.sleep(0.05)

    def database(self) -> dict[str, Any]:
        """Schema and rows of the environment's own database, and the names of all databases beside it."""
        url = self.server_url()
        if not url:
            return {}
        found: dict[str, Any] = {"names": _rows(url, "SELECT datname FROM pg_database ORDER BY 1")}
        if ("plain_notes",) in found["names"]:
            url = self.database_url()
            found["schema"] = _rows(url, _SCHEMA)
            tables = {table for table, *_ in found["schema"]}
            for table in sorted(tables):
                found[table] = _rows(url, f"TABLE {table} ORDER BY 1")
        return found


@dataclass(slots=True)
class Served:
    """A world in which a release serves and somebody asks all the time."""

    world: World
    witness: Witness

    def refuses(
        self,
        *words: str,
        code: int,
        says: Sequence[str],
        hint: str = "",
        env: Mapping[str, str | None] | None = None,
        but: Sequence[str] = (),
    ) -> Ended:
        """The command is refused with that code and those words; nothing changed `but`, nobody noticed."""
        before, version = self.world.standing(), self.world.version()
        failed = self.witness.failures.copy()
        ended = self.world.run(*words, env=env)
        assert ended.code == code, ended.err + ended.out
        assert not [word for word in says if word not in ended.refusal], ended.err
        assert hint in ended.hint, ended.err
        # Whoever was killed may be there for a moment more, and whoever looked may hold the lock for one.
        self.world.settle(lambda: set(changed(before, self.world.standing())) <= set(but))
        moved = changed(before, self.world.standing())
        assert set(moved) <= set(but), moved
        assert self.world.version() == version
        assert self.witness.failures == failed
        return ended


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is another now, before and after."""
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def takes_env(words: Sequence[str]) -> bool:
    """Whether that command knows environments."""
    return (
        bool(words) and words[0] not in {"explain", "report"} and "--env" not in words and words[0][0] != "-"
    )


def _rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql.encode()).fetchall()


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("*"))


def _is_free(path: Path) -> bool:
    if not path.exists():
        return True
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
