"""A throw-away PostgreSQL of an image, in a container of this machine's engine.

The image's own start is not used: it would run what an image wants done to a database that is kept, and a
first server that it starts for that answers before the real one. Of an image only the programs and the user
`postgres` are needed. The container has no network; its socket lies in a directory that it shares with us,
below one that nobody else may enter.
"""

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from typing import TYPE_CHECKING
from urllib.parse import quote

from hotelctl.adapters.disk import make_directories
from hotelctl.adapters.docker_engine import NO_SDK, docker_engine, is_here
from hotelctl.adapters.owner_mark import own_mark
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import EvidenceLog

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

LABEL = "hotelctl.scratch"
MARK = "container"
"""The file that names a container, and its engine, before it is made: so it is found after a kill."""
_REQUEST_S, _READY_S, _TICK_S = 60.0, 120.0, 0.1
# In which the engine notes that a container ended.
_TOLD_S = 10.0
_INSIDE = "/hotelctl"
_SOCKET = ".s.PGSQL.5432"
_LIMIT_BYTES = 107
_LOG_LINES = 3
# Debian keeps the programs out of the path.
_START = f"""
set -e
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
data=$(mktemp -d)
initdb --pgdata="$data" --username="$KEEPER" --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
exec postgres -D "$data" -c listen_addresses= -c unix_socket_directories={_INSIDE} -c max_connections=200 \
    -c unix_socket_permissions=0777 -c timezone=UTC -c log_timezone=UTC -c log_min_error_statement=panic "$@"
"""


@dataclass(frozen=True, slots=True)
class Containers:
    """The engine that `environ` names, where what is done is recorded, and the image that was chosen."""

    environ: Mapping[str, str]
    evidence: EvidenceLog
    chosen: str | None = None

    def image(self, major: int) -> str:
        """The image for a server of that version: the chosen one, else the official one."""
        return self.chosen or f"postgres:{major}"


class ContainedPostgres:
    """One server; `place` is its directory below that of its process, `settings` are PostgreSQL's own."""

    def __init__(
        self, place: Path, image: str, containers: Containers, settings: Mapping[str, str], superuser: str
    ) -> None:
        """Nothing is started or made before `ensure`."""
        self.pgdata = place
        self.image = image
        self._settings = settings
        self._superuser = superuser
        self._environ = containers.environ
        self._evidence = containers.evidence
        self._sockets = Path(gettempdir(), f"hotelctl-{own_mark()}-{secrets.token_hex(3)}")

    def ensure(self) -> str:
        """The superuser's URL of the running server.

        Raises:
            Unavailable: no engine of this machine answers, it has no such image, or no server starts of it.

        """
        if self._is_running():
            return self.address()
        if not is_here(self._environ):
            raise Unavailable(
                f"the engine at {self._environ['DOCKER_HOST']} shares no files with this machine"
            )
        if len(bytes(self._sockets / "s" / _SOCKET)) > _LIMIT_BYTES:
            raise Unavailable(f"the path of a socket below {gettempdir()} would be too long")
        with docker_engine(self._environ, _REQUEST_S) as client:
            image = self._required(client)
            container = self._started(client)
            started = {"operation": "run", "image": self.image, "digest": image, "container": container.name}
            self._evidence.record("docker", started)
            self._wait(container)
        return self.address()

    def address(self) -> str:
        """The superuser's URL that the server has, or would have if it ran."""
        return f"postgresql://{self._superuser}@/postgres?host={quote(str(self._sockets / 's'))}"

    def stopped(self) -> bool:
        """Whether the container is gone, and what it shared; else the mark stays for a later sweep."""
        with suppress(Unavailable):
            discard(self.pgdata / MARK, self._environ)
            rmtree(self._sockets, ignore_errors=True)
            return True
        return False

    def require_running(self) -> None:
        """Return while the server is what it was. Raises `Unavailable` where its container ended.

        Who was connected knows of the end before the engine does: of a server that does not answer it is
        asked for a moment.
        """
        end = time.monotonic() + _TOLD_S
        while not (why := self._lost()) and not _answers(self.address()) and time.monotonic() < end:
            time.sleep(_TICK_S)
        if why:
            raise Unavailable(f"the container with PostgreSQL of {self.image} was lost meanwhile: {why}")

    def _lost(self) -> str:
        """Why there is no server any more; empty where there is."""
        try:
            with docker_engine(self._environ, _REQUEST_S) as client:
                container = client.containers.get(self._name())
                return "" if container.status == "running" else _ending(container)
        except Unavailable as trouble:
            return trouble.reason

    def _is_running(self) -> bool:
        return (self.pgdata / MARK).exists() and not self._lost()

    def _name(self) -> str:
        return (self.pgdata / MARK).read_text(encoding="utf-8").splitlines()[0]

    def _required(self, client: "DockerClient") -> str:
        """The digest of the image."""
        from docker.errors import ImageNotFound  # noqa: PLC0415 - an extra, loaded where it is wanted

        try:
            return str(client.images.get(self.image).id)
        except ImageNotFound:
            raise Unavailable(
                f"the container engine has no image {self.image}, and none is pulled unasked: "
                f"docker pull {self.image}"
            ) from None

    def _started(self, client: "DockerClient") -> "Container":
        from docker.types import Mount  # noqa: PLC0415 - an extra, loaded where it is wanted

        discard(self.pgdata / MARK, self._environ)
        rmtree(self._sockets, ignore_errors=True)
        shared = self._sockets / "s"
        make_directories(self.pgdata)
        self._sockets.mkdir(mode=0o700)
        shared.mkdir()
        # The user in the container is nobody here, and gets there by no other way.
        shared.chmod(0o777)
        name = f"hotelctl-scratch-{own_mark()}-{secrets.token_hex(3)}"
        engine = self._environ.get("DOCKER_HOST", "")
        (self.pgdata / MARK).write_text(f"{name}\n{engine}\n", encoding="utf-8")
        settings = [word for key, value in self._settings.items() for word in ("-c", f"{key}={value}")]
        container: Container = client.containers.run(
            self.image,
            settings,
            entrypoint=["/bin/sh", "-c", _START, "postgres"],
            environment={"KEEPER": self._superuser},
            name=name,
            labels={LABEL: own_mark()},
            user="postgres",
            network_mode="none",
            # An engine that does not share our files refuses it; a volume it would make on its own side.
            mounts=[Mount(_INSIDE, str(shared), type="bind")],
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            shm_size="256m",
            detach=True,
        )
        return container

    def _wait(self, container: "Container") -> None:
        """Return when the server takes connections. Raises `Unavailable` with its last words."""
        end = time.monotonic() + _READY_S
        while not _answers(self.address()):
            container.reload()
            if container.status == "exited" or time.monotonic() > end:
                said = _last_words(container)
                self.stopped()
                raise Unavailable(f"PostgreSQL of the image {self.image} does not start: {said}")
            time.sleep(_TICK_S)


def discard(mark: Path, environ: Mapping[str, str]) -> None:
    """The container that the file names is gone, and the file; fine when there is none.

    Raises:
        Unavailable: its engine does not answer.

    """
    if not mark.exists():
        return
    try:
        from docker.errors import NotFound  # noqa: PLC0415 - an extra, loaded where it is wanted
    except ModuleNotFoundError:
        raise Unavailable(NO_SDK) from None
    name, engine, *_ = (*mark.read_text(encoding="utf-8").splitlines(), "", "")
    where = {**environ, "DOCKER_HOST": engine} if engine else dict(environ)
    with docker_engine(where, _REQUEST_S) as client, suppress(NotFound):
        client.containers.get(name).remove(force=True, v=True)
    mark.unlink(missing_ok=True)


def _answers(url: str) -> bool:
    from psycopg import OperationalError, connect  # noqa: PLC0415 - the driver loads libpq

    try:
        connect(url, connect_timeout=5).close()
    except OperationalError:
        return False
    return True


def _ending(container: "Container") -> str:
    """Of one that does not run: its name, exit code and last words."""
    code = container.attrs["State"]["ExitCode"]
    return f"{container.name} ended with exit code {code}: {_last_words(container)}"


def _last_words(container: "Container") -> str:
    said = container.logs(tail=_LOG_LINES).decode(errors="replace").split("\n")
    return "; ".join(line.strip() for line in said if line.strip()) or "it left no word"
