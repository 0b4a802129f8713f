"""Git itself, run so that the repository it looks at can run nothing."""

import fcntl
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Protocol

from hotelctl.adapters.process import clean_environment
from hotelctl.core.errors import UsageError

# Settings of a repository that make git run programs, or look away, when it only reads.
_SAFE = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.ignoreStat": "false",
    "core.trustctime": "true",
    "core.checkStat": "default",
    "core.untrackedCache": "false",
    "core.autocrlf": "false",
    # What is larger is not held in memory to be given out.
    "core.bigFileThreshold": "50m",
    "core.quotePath": "false",
    # Read again at each merge that git shows, past what a command says.
    "i18n.logOutputEncoding": "UTF-8",
    "diff.external": "",
    "tag.gpgSign": "false",
    "log.showSignature": "false",
    "submodule.recurse": "false",
}
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
# What this clone alone shows in the place of an object, or of a commit's parents, is not what others get.
_AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null/none"}
_FILTERS = r"^filter\..*\.(clean|smudge|process)$"
# Where the repository's own settings stand; the user's and the machine's are trusted.
_FOREIGN = {"local", "worktree"}
_LIMIT_S = 120
# Who takes git's output a little at a time is slower than git.
_PIECE_BYTES, _PIPE_BYTES = 1 << 19, 1 << 20
_TIMED_OUT = (124, 137)
_DISK = "is the disk well?"


@dataclass(frozen=True, slots=True)
class Answer:
    """How git ended, and what it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """Whether it ended with 0."""
        return self.status == 0

    @property
    def reason(self) -> str:
        """The first line of what git complained about."""
        lines = [line for line in self.stderr.splitlines() if line.strip()]
        first = lines[0] if lines else f"git ended with {self.status}"
        return first.removeprefix("fatal: ").removeprefix("error: ")


class Writes(Protocol):
    """What a stream of bytes is written to."""

    def write(self, data: bytes, /) -> int:
        """Take the next piece."""
        ...


class GitCommand:
    """Runs git in `directory`. Hooks, fsmonitor, pager, and filters set by the repository never run."""

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        """Take from `environ` only what is harmless: a hook's GIT_DIR would aim git elsewhere."""
        self.directory = directory
        self._env = {**clean_environment(environ), **_QUIET, **_AS_COMMITTED}

    def run(self, *words: str, stdin: bytes = b"") -> Answer:
        """One git command with safe settings.

        Raises:
            UsageError: git is not installed, or did not end in time.

        """
        said = io.BytesIO()
        status, complaint = self._execute(self._argv(words), self._without_filters, stdin, said)
        return Answer(status, said.getvalue().decode(errors="backslashreplace"), complaint)

    def change(self, *words: str) -> Answer:
        """The same for what changes a repository: that is rare, so GitPython, which is slow to read, runs it.

        It adds to the inherited environment and cannot take away, so `env -i` does.

        Raises:
            UsageError: as `run`.

        """
        argv = self._argv(words)
        from git.cmd import Git  # noqa: PLC0415 - GitPython takes 0.1 s to import and looks for git

        env = (f"{name}={value}" for name, value in {**self._env, **self._without_filters}.items())
        status, _, complaint = Git(self.directory).execute(
            ("env", "-i", *env, *argv),
            with_extended_output=True,
            with_exceptions=False,
            start_new_session=True,
        )
        if status in _TIMED_OUT:
            raise UsageError(f"git did not end in time in {self.directory}", _DISK)
        return Answer(int(status), "", str(complaint))

    def run_into(self, output: Writes, *words: str, stdin: bytes = b"", limit_s: int = _LIMIT_S) -> Answer:
        """The same with its standard output written to `output`, however long."""
        status, complaint = self._execute(self._argv(words, limit_s), self._without_filters, stdin, output)
        return Answer(status, "", complaint)

    def reading(self, index: Path) -> "GitCommand":
        """The same with another index."""
        other = GitCommand(self.directory, self._env)
        other._without_filters = self._without_filters
        other._env["GIT_INDEX_FILE"] = str(index)
        return other

    def at(self, directory: Path) -> "GitCommand":
        """The same repository, asked in another of its directories."""
        other = GitCommand(directory, self._env)
        other._without_filters = self._without_filters
        return other

    def elsewhere(self, directory: Path) -> "GitCommand":
        """The same in another repository."""
        return GitCommand(directory, self._env)

    def at_new(self, directory: Path) -> "GitCommand":
        """The same in a repository that is about to be made there, and whose settings nobody else writes."""
        other = GitCommand(directory, self._env)
        other._without_filters = {"GIT_CONFIG_COUNT": "0"}
        return other

    def with_replacements(self) -> "GitCommand":
        """The same, which shows in the place of an object what was put there: in a repository of our own."""
        other = GitCommand(self.directory, self._env)
        other._without_filters = self._without_filters
        del other._env["GIT_NO_REPLACE_OBJECTS"]
        return other

    def _argv(self, words: Sequence[str], limit_s: int = _LIMIT_S) -> tuple[str, ...]:
        safe = [word for pair in _SAFE.items() for word in ("-c", "=".join(pair))]
        return self._limited((*safe, *words), limit_s)

    def _limited(self, words: Sequence[str], limit_s: int = _LIMIT_S) -> tuple[str, ...]:
        """Ended at the limit by a program of its own, so that a killed hotelctl leaves nothing that hangs."""
        return ("timeout", "-k", "2", str(limit_s), self._program, "-C", str(self.directory), *words)

    @cached_property
    def _without_filters(self) -> dict[str, str]:
        """Settings that empty the filters which the repository itself defines.

        They go by environment: a name with `=` in it could slip through `-c`.
        """
        said = io.BytesIO()
        asked = ("config", "--show-scope", "--null", "--name-only", "--get-regexp", _FILTERS)
        self._execute(self._limited(asked), {}, b"", said)
        parts = said.getvalue().decode(errors="backslashreplace").split("\0")
        foreign = {name for scope, name in zip(parts[::2], parts[1::2], strict=False) if scope in _FOREIGN}
        settings = dict.fromkeys(foreign, "")
        settings |= {f"{name.rpartition('.')[0]}.required": "false" for name in foreign}
        pairs = enumerate(sorted(settings.items()))
        numbered = {
            f"GIT_CONFIG_{part}_{n}": pair[i] for n, pair in pairs for i, part in enumerate(("KEY", "VALUE"))
        }
        return {"GIT_CONFIG_COUNT": str(len(settings)), **numbered}

    @cached_property
    def _program(self) -> str:
        found = shutil.which("git", path=self._env["PATH"])
        if found is None:
            raise UsageError("git is not installed, or not on the PATH", "install git, version 2.31 or newer")
        return found

    def _execute(
        self, argv: Sequence[str], more: Mapping[str, str], stdin: bytes, output: Writes
    ) -> tuple[int, str]:
        """How it ended, and what it complained about."""
        env = {**self._env, **more}
        status, complaint = _once(argv, env, stdin, output)
        if status == -signal.SIGINT:
            # Ctrl-C came before git was in a session of its own; it is hotelctl that decides what that means.
            status, complaint = _once(argv, env, stdin, output)
        if status in _TIMED_OUT:
            raise UsageError(f"git did not end in time in {self.directory}", _DISK)
        return status, complaint


def _widen(pipe: IO[bytes] | None) -> None:
    """Git goes on while what it said last is looked at; where the kernel refuses, it waits meanwhile."""
    if pipe is not None and sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _once(argv: Sequence[str], env: Mapping[str, str], stdin: bytes, output: Writes) -> tuple[int, str]:
    with ExitStack() as files:
        given: IO[bytes] | int = subprocess.DEVNULL
        if stdin:
            given = files.enter_context(tempfile.TemporaryFile())
            given.write(stdin)
            given.seek(0)
        complaint = files.enter_context(tempfile.TemporaryFile())
        process = files.enter_context(
            subprocess.Popen(
                argv, stdin=given, stdout=subprocess.PIPE, stderr=complaint, env=env, start_new_session=True
            )
        )
        try:
            _widen(process.stdout)
            while process.stdout and (piece := process.stdout.read(_PIECE_BYTES)):
                output.write(piece)
            status = process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            raise
        complaint.seek(0)
        return status, complaint.read().decode(errors="backslashreplace")
