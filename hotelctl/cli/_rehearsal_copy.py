"""A throw-away copy of the project on this machine: its own checkout, state, database and port."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotelctl.adapters.disk import make_directories
from hotelctl.adapters.git_command import GitCommand
from hotelctl.adapters.owner_mark import is_dead, own_mark
from hotelctl.cli._places import LOCAL, STATE
from hotelctl.cli._stop import stop_all
from hotelctl.cli._wiring import REHEARSAL, Wiring, layout_of, templates
from hotelctl.config.load import Configuration, load
from hotelctl.config.release_env import compose, env_files, leads_to
from hotelctl.core.errors import StepFailed, UsageError
from hotelctl.core.ports import Command, Completed
from hotelctl.deploy.targets.places import Places

_LIMIT_S = 900.0
# Below it every process of the copy can be found again, also after a kill.
_REHEARSALS = STATE / "rehearsals"
_AUTHOR = ("-c", "user.name=hotelctl", "-c", "user.email=rehearsal@invalid", "-c", "commit.gpgsign=false")


@dataclass(frozen=True, slots=True)
class Copy:
    """`project` is the service's directory in the copy; it has the environment `local` and answers on `port`.

    `env` are the variables of the service but for its database: the copy has one of its own.
    """

    wiring: Wiring
    project: Path
    port: int
    service: tuple[str, ...]
    env: Mapping[str, str]

    @property
    def places(self) -> Places:
        """The state of the copy."""
        return Places((self.project / STATE / LOCAL).resolve())

    @property
    def url(self) -> str:
        """Where its edge answers."""
        return f"http://127.0.0.1:{self.port}"

    def configuration(self) -> Configuration:
        """As the commit that is checked out there says. Raises `UsageError`."""
        named = Path(self.service[1]) if self.service else None
        return load(self.project, named, LOCAL)

    def run(self, *words: str, expected: int = 0) -> Completed:
        """The ended command `hotelctl WORDS` of the copy. Raises `StepFailed` for another exit code."""
        source = str(Path(__file__).resolve().parents[2])
        argv = (sys.executable, "-P", "-m", "hotelctl", *words, *self.service)
        env = {**self.env, "PYTHONPATH": source, "NO_COLOR": "1", REHEARSAL: str(self.port)}
        done = self.wiring.ports.processes.run(Command(argv, self.project, env, _LIMIT_S))
        if done.exit_code != expected:
            how = "did not end" if done.timed_out else f"ended with {done.exit_code}, not {expected}"
            raise StepFailed(f"hotelctl {words[0]} {how} in the copy: {_reason(done)}")
        return done

    def check_out(self, commit: str) -> None:
        """The copy's work tree is that commit. Raises `StepFailed`."""
        _git(self.wiring, self.project, "checkout", "--quiet", "--detach", "--force", commit)

    def commit(self) -> str:
        """The commit that is checked out gets one on top with the same files; which one that is."""
        words = ("commit", "--quiet", "--allow-empty", "--no-verify", "--message", "Rehearsal")
        _git(self.wiring, self.project, *_AUTHOR, *words)
        return GitCommand(self.project, self.wiring.environ).run("rev-parse", "HEAD").stdout.strip()


def _reason(done: Completed) -> str:
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if line.startswith("hotelctl: ")), "")
    return said.removeprefix("hotelctl: ") or done.tail(1)


@contextmanager
def copied(wiring: Wiring, commit: str, later: str) -> Iterator[Copy]:
    """Inside the block the copy is there with `commit` checked out; afterwards nothing of it is left.

    `later` is another one that will be deployed there: neither may name a database.

    What earlier rehearsals left that were killed goes first.

    Raises:
        UsageError: the service file is in no commit, or its own values name a database.
        StepFailed: git cannot make the copy.

    """
    home = home_of(wiring.configuration.project)
    sweep(home)
    place = home / own_mark()
    make_directories(place, 0o700)
    try:
        copy = _made(wiring, place, later)
        _require_own_database(copy)
        copy.check_out(commit)
        _require_own_database(copy)
        yield copy
    finally:
        _clear(place)


def home_of(project: Path) -> Path:
    """Where the copies of a project are."""
    return project / _REHEARSALS


def sweep(home: Path) -> None:
    """Copies whose command is gone are stopped and removed."""
    for place in home.glob("*/"):
        if is_dead(place.name):
            _clear(place)


def _made(wiring: Wiring, place: Path, commit: str) -> Copy:
    configuration = wiring.configuration
    here = configuration.project
    top = Path(GitCommand(here, wiring.environ).run("rev-parse", "--show-toplevel").stdout.rstrip("\n"))
    _git(wiring, here, "clone", "--quiet", "--shared", "--no-checkout", str(top), str(place / "c"))
    _git(wiring, place / "c", "checkout", "--quiet", "--detach", commit)
    project = place / "c" / here.resolve().relative_to(top.resolve())
    copy = Copy(
        wiring, project, wiring.ports.instances.free_port(), _service(configuration, project), _values(wiring)
    )
    _with_env_files(wiring, project)
    # What was fetched and installed for the project serves its copy.
    cache = configuration.project / STATE / "cache"
    make_directories(cache)
    make_directories(project / STATE)
    (project / STATE / "cache").symlink_to(cache.resolve())
    return copy


def _service(configuration: Configuration, project: Path) -> tuple[str, ...]:
    """The flag that names the service file of the copy; none where it stands at its usual place."""
    file = Path(configuration.file.path)
    if file.is_absolute():
        return ("--service", str(file))
    if not (project / file).is_file():
        raise UsageError(f"{file}: is in no commit, so a copy cannot have it", f"git add {file}; git commit")
    return ("--service", str(project / file))


def _values(wiring: Wiring) -> dict[str, str]:
    """What the service is given here, without what names its database."""
    configuration = wiring.configuration
    values = templates(configuration, layout_of(configuration))
    own = configuration.spec.variables.keys()
    every, live = compose(configuration, values, wiring.environ), _live(wiring)
    key = configuration.spec.backups.identity_env
    # Backups of the copy are sealed, too, and opened by the same key, wherever a command of it stands.
    identity = {key: str(Path(wiring.environ[key]).absolute())} if wiring.environ.get(key) else {}
    return identity | {key: value for key, value in every.items() if key not in own and key not in live}


def _live(wiring: Wiring) -> frozenset[str]:
    """The variables that lead to the database of the environment here."""
    configuration = wiring.configuration
    every = compose(configuration, templates(configuration, layout_of(configuration)), wiring.environ)
    return frozenset(key for key, value in every.items() if _is_live(wiring, key, value))


def _is_live(wiring: Wiring, key: str, value: str) -> bool:
    """Whether this variable leads to the database of the environment."""
    database = wiring.configuration.spec.database
    if database is None:
        return False
    if key == database.url_env:
        return True
    here = wiring.database_url
    return here is not None and leads_to(value, here)


def _with_env_files(wiring: Wiring, project: Path) -> None:
    """Env files that no commit holds stand in the copy, too, without lines that lead to the database here."""
    from dotenv.parser import parse_stream

    configuration, left_out = wiring.configuration, _live(wiring)
    for path in env_files(configuration):
        # One that is named from the root of the disk is read by the copy as it is.
        if not path.is_relative_to(configuration.project):
            continue
        other = project / path.relative_to(configuration.project)
        if not other.exists():
            with path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
                kept = [one.original.string for one in parse_stream(lines) if one.key not in left_out]
            other.parent.mkdir(parents=True, exist_ok=True)
            other.touch(0o600)
            other.write_text("".join(kept), encoding="utf-8", errors="surrogateescape")


def _require_own_database(copy: Copy) -> None:
    configuration = copy.configuration()
    found = compose(configuration, templates(configuration, layout_of(configuration)), copy.env)
    for key, value in found.items():
        if _is_live(copy.wiring, key, value):
            raise UsageError(
                f"{key} is set by a file that the copy reads, too: a copy would change that database",
                "leave it to the environment; local has a database of its own",
            )


def _clear(place: Path) -> None:
    """Everything that runs there has ended, and all files are gone."""
    for state in sorted(place.glob(f"c/**/{STATE}/{LOCAL}")):
        tuple(stop_all(Places(state.resolve())))
    shutil.rmtree(place, ignore_errors=True)


def _git(wiring: Wiring, directory: Path, *words: str) -> None:
    """One git command that makes or changes the copy. Raises `StepFailed`."""
    answer = GitCommand(directory, wiring.environ).change(*words)
    wiring.ports.evidence.record(
        "git", {"operation": "copy", "argv": ["git", *words], "status": answer.status}, answer.stderr
    )
    if not answer.ok:
        raise StepFailed(f"git {words[-2]} {words[-1]}: {answer.reason}")
