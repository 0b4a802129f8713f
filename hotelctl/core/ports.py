"""What hotelctl needs of the world, as protocols; `adapters/` gives the real ones, `tests/fakes/` others.

Every port that looks at or changes the world writes one evidence record an execution and returns
its id, so that a report line can name what it stands on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from hotelctl.core.dumped import Checksum, Dumped, TableCount
from hotelctl.core.history import History
from hotelctl.core.moving import Watcher
from hotelctl.core.references import References
from hotelctl.core.staged import Index


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """The aware UTC time."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class EvidenceLog(Protocol):
    """The hash-chained record of everything that was executed or read."""

    @property
    def head(self) -> str:
        """The digest of the newest record, `sha256:...`."""
        ...

    def record(self, adapter: str, data: Mapping[str, Any], output: str | None = None) -> str:
        """Append one record, redacted, with `output` in a file of its own; returns its id `ev-...`."""
        ...

    def scope(self) -> AbstractContextManager[list[str]]:
        """Collects the ids that are recorded by this thread inside the `with` block."""
        ...

    def adopt(self, ids: Iterable[str]) -> None:
        """What another thread recorded counts as recorded by this one, too."""
        ...


class AppendLog(Protocol):
    """One durable hash-chained file of records."""

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record as written, with `seq` and `prev_sha256`; it is on the disk when this returns."""
        ...

    def records(self) -> tuple[dict[str, Any], ...]:
        """All records, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """An outside program as data: no shell, closed stdin unless `stdin`, allow-listed environment.

    What a `confidential` program prints is returned but not recorded: it holds secrets made just now.
    `heard` is given what it prints as it comes, in any pieces; it must not raise. One that is `beside` what
    serves leaves processor and disk to it.
    """

    argv: tuple[str, ...]
    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 60.0
    stdin: bytes | None = None
    output_limit_bytes: int = 8_000_000
    confidential: bool = False
    heard: Callable[[bytes], None] | None = field(default=None, compare=False)
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """How a program ended; `exit_code` is None when it could not start or was killed at its limit."""

    argv: tuple[str, ...]
    exit_code: int | None
    stdout: str
    stderr: str
    timed_out: bool
    duration_s: float
    evidence: str
    truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with 0."""
        return self.exit_code == 0 and not self.timed_out

    def tail(self, lines: int = 12) -> str:
        """The last lines of what it said, stderr before stdout when there is any."""
        text = self.stderr.strip() or self.stdout.strip()
        return "\n".join(text.splitlines()[-lines:])


class Begun(Protocol):
    """A program that has been started and waits for its stdin."""

    def over(self) -> bool:
        """Whether it has ended without waiting for it."""
        ...

    def end(self, stdin: bytes, timeout_s: float) -> Completed:
        """It was given `stdin` and ran to its end, or to the limit, which counts from now."""
        ...


class Processes(Protocol):
    """Outside programs that end."""

    def run(self, command: Command) -> Completed:
        """Run to the end or the limit; the whole process group is killed at the limit."""
        ...

    def begun(self, command: Command) -> AbstractContextManager[Begun]:
        """The program, started and not yet heard; nothing of it is left after the block.

        Raises:
            Unavailable: it cannot be started.

        """
        ...


class Tools(Protocol):
    """Outside programs that come as wheels, in an environment apart from all others."""

    def look(self) -> None:
        """Whoever asks for a program later need not wait until it is known whether all are whole."""
        ...

    def path(self, program: str, asks: str = "") -> str:
        """Where it lies, made where it is not there yet; `asks` is the other machine that it will speak to.

        Raises:
            Unavailable: it cannot be had, with what makes it; or that machine must not be asked.

        """
        ...

    def lend(self, program: str, cache: Path) -> None:
        """What it compiled of itself in an earlier run lies in `cache`, which it takes for its own cache."""
        ...

    def keep(self, program: str, cache: Path) -> None:
        """What it compiled there is lent to later runs."""
        ...


class Files(Protocol):
    """The file system. Paths are absolute."""

    def read(self, path: Path) -> bytes:
        """The bytes, recorded as evidence with their digest. Raises `FileNotFoundError`."""
        ...

    def write_durable(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        """Temp file, fsync, rename, fsync of the directory; parents are made."""
        ...

    def sha256(self, path: Path) -> str:
        """Hex digest of a file, or of a directory's names and contents."""
        ...

    def digests(self, root: Path, names: Sequence[str]) -> Mapping[str, str]:
        """Hex digests of all files at or below `names` in `root`, by their relative paths, as one record.

        What is no file, or cannot be read, has a word instead of a digest; links are not followed.
        """
        ...

    def contents(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """The bytes of the files `names` in `root` by their names, as one record of evidence.

        What is no plain file, cannot be read or is larger has words that say so instead.
        """
        ...

    def of_one_moment(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """The same; what was changed before all were read has words instead."""
        ...

    def size_bytes(self, path: Path) -> int:
        """The size of a file, or of all files below a directory."""
        ...

    def exists(self, path: Path) -> bool:
        """Whether something is there."""
        ...

    def is_file(self, path: Path) -> bool:
        """Whether it leads to a regular file; a device, a directory or a link in a circle is none."""
        ...

    def glob(self, root: Path, pattern: str) -> Sequence[Path]:
        """Sorted matches below `root`."""
        ...

    def names(self, root: Path, enter: Callable[[str], bool], limit: int) -> Sequence[str]:
        """Sorted relative paths of what is no directory below `root`, `limit` at most.

        `enter` is asked by its relative path for every directory; links are not followed.
        """
        ...

    def mode(self, path: Path) -> int:
        """The permission bits, recorded as evidence. Raises `FileNotFoundError`."""
        ...

    def modified_at(self, path: Path) -> datetime:
        """When it was last written, aware UTC, recorded as evidence. Raises `FileNotFoundError`."""
        ...

    def make_directory(self, path: Path, mode: int = 0o755) -> None:
        """Make it and its parents; fine when it is there."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file or a whole directory; fine when it is gone."""
        ...

    def free_bytes(self, path: Path) -> int:
        """Free disk space where `path` is or would be."""
        ...

    def append_log(self, path: Path) -> AppendLog:
        """Open or start a hash-chained file; a torn last line is cut. Raises `ChainBroken`."""
        ...


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The state of a git checkout; `dirty` lists changed and untracked paths, our own output left out.

    Its paths are those of the project, which may be a part of the work tree that begins at `root`.
    `moved_at` is when HEAD last came to where it is, None where git keeps no log of it. Before the first
    commit `commit` is empty, and `committed_at` the beginning of 1970.
    """

    root: Path
    commit: str
    branch: str | None
    tags: tuple[str, ...]
    dirty: tuple[str, ...]
    hidden: tuple[str, ...]
    shallow: bool
    committed_at: datetime
    evidence: str
    moved_at: datetime | None = None


class Repository(References, History, Index, Protocol):
    """The project's git repository."""

    def work_tree(self, *, unborn: bool = False) -> WorkTree:
        """HEAD and what differs from it; where it may be `unborn`, before the first commit none.

        Raises `UsageError` when there is no repository, or no commit and there must be one.
        """
        ...

    def changed(self) -> tuple[str, ...]:
        """What differs from HEAD now, as in the state of the work tree."""
        ...

    def export(self, commit: str, destination: Path) -> None:
        """A clean copy of the project in `commit` (git archive, export-subst filled) in a new directory."""
        ...

    def tracked(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Tracked paths of the project that match, named from there."""
        ...

    def ignored(self, paths: Sequence[str]) -> Mapping[str, bool]:
        """Whether git ignores each path, asked of git itself."""
        ...

    def tag(self, name: str, commit: str, message: str) -> None:
        """An annotated tag; fine when it is there and points at `commit`."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """A query's answer: column names and values, all rows up to the limit."""

    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    evidence: str


class Databases(Protocol):
    """PostgreSQL servers, addressed by `postgresql://` URL. Every call has a time limit.

    All raise `Unavailable` with a one-line reason that holds no password when the server
    cannot be reached or refuses the log-in.
    """

    def query(self, url: str, sql: str, params: Sequence[Any] = ()) -> Rows:
        """A read-only query in a read-only transaction."""
        ...

    def execute(self, url: str, sql: str, params: Sequence[Any] = ()) -> None:
        """Statements that change; several statements are allowed without params; one transaction."""
        ...

    def execute_each(self, url: str, statements: Sequence[str]) -> None:
        """Statements one after the other, each its own transaction; what was done before one failed stays."""
        ...

    def allow_login(self, url: str, role: str, password: str) -> None:
        """`role` may log in with `password`, which leaves this process only as its SCRAM verifier."""
        ...

    def create(self, url: str, name: str) -> str:
        """A new empty database on the server of `url`; returns its URL. Fine when it is there."""
        ...

    def drop(self, url: str, name: str) -> None:
        """Drop it with its connections; fine when it is gone."""
        ...

    def schema(self, url: str, *, owners: bool = False) -> str:
        """`pg_dump --schema-only` as text that is the same for the same schema, without owners by default."""
        ...

    def dump(self, url: str, destination: Path, watcher: Watcher | None = None) -> Dumped:
        """Directory-format dump into a new directory, with counts and schema of the same snapshot."""
        ...

    def restore(
        self,
        source: Path,
        url: str,
        watcher: Watcher | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """Restore a dump into an empty database. Raises `StepFailed` with the server's words.

        Of rows `only` those of these tables by `schema.table`, where it is given, and no large objects.
        """
        ...

    def counts(
        self, url: str, watcher: Watcher | None = None, checksum: Checksum = Checksum.COLUMNS
    ) -> Mapping[str, TableCount]:
        """Rows and checksums of every table, in one snapshot."""
        ...

    def migrating(self, url: str, watcher: Watcher) -> AbstractContextManager[None]:
        """Tells the watcher how far a migration in the `with` block is, and who keeps it waiting."""
        ...


class Instances(Protocol):
    """Instances of the service that live only as long as a `with` block; nobody else is told of them."""

    def free_port(self) -> int:
        """A loopback port that nothing listens on now."""
        ...

    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> AbstractContextManager[None]:
        """The program runs and `ready_url` answers 200. Raises `StepFailed` with its last words."""
        ...
