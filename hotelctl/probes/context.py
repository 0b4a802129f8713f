"""What every probe is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotelctl.config.load import Configuration
from hotelctl.core.abreast import Abreast
from hotelctl.core.certificates import Certificates
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.http import Http
from hotelctl.core.images import Images
from hotelctl.core.kept import KeptAnswers, KeptResults, NothingKept
from hotelctl.core.names import Names
from hotelctl.core.ports import (
    Clock,
    Command,
    Completed,
    Databases,
    Files,
    Instances,
    Processes,
    Repository,
    Tools,
)
from hotelctl.core.references import Change
from hotelctl.core.scratch import LaterDatabase, ScratchDatabases
from hotelctl.core.vault import Vault
from hotelctl.core.work import Work
from hotelctl.facts.tracer import Tracer

# Of a small search by betterleaks a quarter was looking for memory to use again, of which it needs little: it
# does so less often until it holds much.
_SELDOM_CLEARED = {"GOGC": "400", "GOMEMLIMIT": "200MiB"}
NOTHING_SERVES = "nothing is deployed here yet"


@dataclass(frozen=True, slots=True)
class Serving:
    """What the target says of the release that serves: where to ask it, and what it should be."""

    release_id: str
    commit: str
    url: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Context:
    """The configuration, the ports, and what is known of this environment.

    `environ` is hotelctl's own process environment. `release_env` is the whole environment that
    the release would be started with, secrets included. `database_url` is the owner's URL, None
    where there is no database yet; `later` makes it where it is not there before somebody asks for it.
    `serving` is None where nothing is deployed, or where nobody can
    tell what has the traffic: `diverged` says why then.
    `journals` are the deploy journals of this environment, newest last. `workspace` is a directory
    of this command alone that is removed when it ends. `mark` gives what stands in a secret's place: its
    length and a short hash that is keyed by this project. `with_external` says that services of others may
    be asked what costs or leaves traces there, `deploying` that a deploy asks. `kept` holds answers that
    earlier commands had, `kept_layers` those about layers of images, which a deploy uses, too. `change` is
    what `--since` names.
    """

    configuration: Configuration
    state: Path
    environ: Mapping[str, str]
    release_env: Mapping[str, str]
    database_url: str | None
    serving: Serving | None
    journals: tuple[Path, ...]
    clock: Clock
    processes: Processes
    files: Files
    repository: Repository
    databases: Databases
    scratch: ScratchDatabases
    http: Http
    certificates: Certificates
    names: Names
    abreast: Abreast
    instances: Instances
    work: Work
    tools: Tools
    images: Images
    tracer: Tracer
    vault: Vault
    workspace: Path
    mark: Callable[[str], str]
    diverged: str = ""
    with_external: bool = False
    deploying: bool = False
    kept: KeptAnswers = field(default_factory=NothingKept)
    kept_layers: KeptResults = field(default_factory=NothingKept)
    later: LaterDatabase | None = None
    change: Change | None = None

    def database(self) -> str:
        """The owner's URL of a database that can be asked.

        Raises:
            Unavailable: none is configured, or it cannot be made.
            StepFailed: its server does not start.

        """
        if self.database_url is None:
            raise Unavailable("no database is configured for this environment")
        return self.database_url if self.later is None else self.later.made()

    def release(self) -> Serving:
        """The release that serves.

        Raises:
            NotApplicable: nothing is deployed.
            Unavailable: nobody can tell what has the traffic.

        """
        if self.diverged:
            raise Unavailable(self.diverged)
        if self.serving is None:
            raise NotApplicable(NOTHING_SERVES)
        return self.serving

    def run_tool(
        self,
        program: str,
        *words: str,
        cwd: Path | None = None,
        timeout_s: float = 60.0,
        asks: str = "",
        confidential: bool = False,
    ) -> Completed:
        """One of the outside programs has run: it saw no settings of this user and left no caches behind.

        What a `confidential` one prints is not recorded.

        Raises:
            Unavailable: it is not here and cannot be had, or may not speak to the machine `asks`.

        """
        place = str(self.workspace)
        homes = dict.fromkeys(("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), place)
        # Wide and plain: what is parsed must not be folded.
        plain = {"COLUMNS": "1000", "NO_COLOR": "1", "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1"}
        argv = (self.tools.path(program, asks), *words)
        env = {**homes, **plain, **_SELDOM_CLEARED}
        self.tools.lend(program, self.workspace)
        done = self.processes.run(
            Command(argv, cwd or self.workspace, env, timeout_s, confidential=confidential)
        )
        self.tools.keep(program, self.workspace)
        return done
