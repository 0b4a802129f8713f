"""Git itself, run through GitPython so that the repository it looks at can run nothing."""

import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hotelctl.adapters.process import clean_environment
from hotelctl.core.errors import UsageError

if TYPE_CHECKING:
    from git.cmd import Git

# Settings of a repository that make git run programs, or look away, when it only reads.
_SAFE = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.ignoreStat": "false",
    "core.untrackedCache": "false",
    "core.autocrlf": "false",
    "core.quotePath": "false",
    "diff.external": "",
    "tag.gpgSign": "false",
    "log.showSignature": "false",
    "submodule.recurse": "false",
}
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
_FILTERS = r"^filter\..*\.(clean|smudge|process)$"
# Where the repository's own settings stand; the user's and the machine's are trusted.
_FOREIGN = {"local", "worktree"}
_LIMIT_S = 120
# Who takes git's output a little at a time is slower than git.
_PIECE_BYTES = 1 << 19
_TIMED_OUT = (124, 137)


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
        self._env = {**clean_environment(environ), **_QUIET}

    def run(self, *words: str, stdin: bytes = b"") -> Answer:
        """One git command with safe settings.

        Raises:
            UsageError: git is not installed, or did not end in time.

        """
        return self._execute(self._argv(words), stdin)

    def run_into(self, output: Writes, *words: str, stdin: bytes = b"", limit_s: int = _LIMIT_S) -> Answer:
        """The same with its standard output written to `output`, however long."""
        return self._execute(self._argv(words, limit_s), stdin, output)

    def reading(self, index: Path) -> "GitCommand":
        """The same with another index."""
        other = GitCommand(self.directory, self._env)
        other._env["GIT_INDEX_FILE"] = str(index)
        return other

    def elsewhere(self, directory: Path) -> "GitCommand":
        """The same in another directory."""
        return GitCommand(directory, self._env)

    def _argv(self, words: Sequence[str], limit_s: int = _LIMIT_S) -> list[str]:
        safe = [word for pair in _SAFE.items() for word in ("-c", "=".join(pair))]
        return self._clean(self._without_filters, (*safe, *words), limit_s)

    def _clean(self, more: Mapping[str, str], words: Sequence[str], limit_s: int = _LIMIT_S) -> list[str]:
        """GitPython adds to the inherited environment and cannot take away, so `env -i` does."""
        env = [f"{name}={value}" for name, value in {**self._env, **more}.items()]
        limited = ("timeout", "-k", "2", str(limit_s))
        return ["env", "-i", *env, *limited, "git", "-C", str(self.directory), *words]

    @cached_property
    def _without_filters(self) -> dict[str, str]:
        """Settings that empty the filters which the repository itself defines.

        They go by environment: a name with `=` in it could slip through `-c`.
        """
        asked = ("config", "--show-scope", "--null", "--name-only", "--get-regexp", _FILTERS)
        parts = self._execute(self._clean({}, asked), b"").stdout.split("\0")
        foreign = {name for scope, name in zip(parts[::2], parts[1::2], strict=False) if scope in _FOREIGN}
        settings = dict.fromkeys(foreign, "")
        settings |= {f"{name.rpartition('.')[0]}.required": "false" for name in foreign}
        pairs = enumerate(sorted(settings.items()))
        numbered = {
            f"GIT_CONFIG_{part}_{n}": pair[i] for n, pair in pairs for i, part in enumerate(("KEY", "VALUE"))
        }
        return {"GIT_CONFIG_COUNT": str(len(settings)), **numbered}

    def _execute(self, argv: list[str], stdin: bytes, output: Writes | None = None) -> Answer:
        answer = self._once(argv, stdin, output)
        if answer.status == -signal.SIGINT:
            # Ctrl-C came before git was in a session of its own; it is hotelctl that decides what that means.
            answer = self._once(argv, stdin, output)
        return answer

    def _once(self, argv: list[str], stdin: bytes, output: Writes | None) -> Answer:
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            status, out, error = self._git().execute(
                argv,
                istream=given,
                output_stream=output,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                start_new_session=True,
                max_chunk_size=_PIECE_BYTES,
            )
        if status in _TIMED_OUT:
            raise UsageError(f"git did not end in time in {self.directory}", "is the disk well?")
        text = out.decode(errors="backslashreplace") if output is None else ""
        return Answer(status, text, error)

    def _git(self) -> "Git":
        if shutil.which("git", path=self._env["PATH"]) is None:
            raise UsageError("git is not installed, or not on the PATH", "install git, version 2.31 or newer")
        from git.cmd import Git  # noqa: PLC0415 - GitPython takes 0.1 s to import and looks for git

        return Git(self.directory)
