"""The containers of the engine that the environment names, through the SDK."""

import re
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TypeVar

from hotelctl.adapters import docker_inside
from hotelctl.adapters.docker_engine import ODD, USUAL, Silent, docker_engine, is_here
from hotelctl.adapters.docker_way import WAYS, Goal
from hotelctl.core.containers import Contained, Handed, ImageStart, Wanted
from hotelctl.core.errors import Interrupted, StepFailed, Unavailable

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container
    from docker.models.networks import Network

PATIENCE_S = 20.0
"""How long an engine that answered before is waited for: a manager of services starts it again."""
_REQUEST_S, _TICK_S, _FETCH_S = 60.0, 0.2, 600.0
_LOG_LINES = 20_000
_LOG_KEPT = {"max-size": "10m", "max-file": "3"}
_AGAIN = "start the engine, look at docker info, then hotelctl resume"
_LOOK = "docker info, and the engine's own log, tell more"
_FRACTION = re.compile(r"(\.\d{6})\d*")
_Answer = TypeVar("_Answer")


class DockerContainers:
    """`environ` says where the engine is; one client a question, so that a new engine is found at once."""

    def __init__(self, environ: Mapping[str, str], patience_s: float = PATIENCE_S) -> None:
        """Nothing is asked yet."""
        self._environ = environ
        self._patience_s = patience_s
        self._spoken: str | None = None

    @property
    def engine(self) -> str:
        """Where it is, as `DOCKER_HOST` names it."""
        return self._environ.get("DOCKER_HOST") or USUAL

    def obstacle(self) -> str | None:
        """Why it cannot be asked, in one line; None when it answers."""
        try:
            with docker_engine(self._environ, _REQUEST_S) as client:
                client.ping()
                self._spoken = client.api.api_version
        except Unavailable as trouble:
            return trouble.reason
        return None

    def image(self, image: str) -> ImageStart | None:
        """How it starts; None where the engine has no such image."""
        from docker.errors import ImageNotFound  # noqa: PLC0415 - an extra, loaded where it is wanted

        def look(client: "DockerClient") -> ImageStart | None:
            try:
                said = client.images.get(image).attrs.get("Config") or {}
            except ImageNotFound:
                return None
            exposed = [str(one).split("/") for one in said.get("ExposedPorts") or ()]
            return ImageStart(
                argv=(*(said.get("Entrypoint") or ()), *(said.get("Cmd") or ())),
                user=str(said.get("User") or ""),
                ports=tuple(sorted(int(number) for number, kind in exposed if kind == "tcp")),
            )

        return self._ask(look)

    def fetch(self, image: str) -> None:
        """The engine has the image of that name, from its registry where it had none."""
        if self.image(image) is None:
            self._ask(lambda client: client.images.pull(image), _FETCH_S)

    def find(self, name: str) -> Contained | None:
        """The container of that name, whoever made it; None when there is none."""
        found = self._ask(lambda client: _seen(one) if (one := _container(client, name)) else None)
        return found if found is None or is_here(self._environ) else replace(found, pid=0)

    def create(self, wanted: Wanted) -> None:
        """It is there and was not started."""
        from docker.types import LogConfig, Mount  # noqa: PLC0415 - see above

        def act(client: "DockerClient") -> None:
            if _container(client, wanted.name) is not None:
                return
            client.containers.create(
                wanted.image,
                entrypoint=list(wanted.argv),
                name=wanted.name,
                labels=dict(wanted.labels),
                environment=dict(wanted.env),
                network=wanted.network,
                ports=_published(wanted),
                mounts=[
                    *(
                        Mount(one.place, one.name, type="volume", labels=dict(wanted.labels))
                        for one in wanted.volumes
                    ),
                    *(
                        Mount(one.place, one.source, type="bind", read_only=not one.writable)
                        for one in wanted.binds
                    ),
                ],
                extra_hosts=dict(wanted.hosts),
                restart_policy={"Name": "no"},
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                # Whatever the engine does by default: these can be read again, and fill no disk.
                log_config=LogConfig(type=LogConfig.types.JSON, config=_LOG_KEPT),
                **({"user": wanted.user} if wanted.user else {}),
            )

        self._ask(act)

    def hand(self, name: str, handed: Sequence[Handed], user: tuple[int, int]) -> None:
        """The container has copies of them, which belong to that user and group, with the modes of here."""

        def as_theirs(entry: tarfile.TarInfo) -> tarfile.TarInfo:
            entry.uid, entry.gid, entry.uname, entry.gname = *user, "", ""
            return entry

        with TemporaryFile() as packed:
            with tarfile.open(fileobj=packed, mode="w") as sent:
                for one in handed:
                    sent.add(one.source, one.place.lstrip("/"), filter=as_theirs)

            def send(found: "Container") -> None:
                # Whoever asks again, after the engine was silent, sends all of it again.
                packed.seek(0)
                found.put_archive("/", packed)

            self._on(name, send)

    def holds(self, name: str, path: str) -> bool:
        """Whether the container's files have something at `path`."""

        def look(client: "DockerClient") -> bool:
            api = client.api
            place = f"{api.base_url}/v{api.api_version}/containers/{name}/archive"
            return bool(
                api.head(place, params={"path": path}, timeout=_REQUEST_S).status_code == HTTPStatus.OK
            )

        return self._ask(look)

    def content(self, name: str, path: str) -> bytes | None:
        """The file at `path` of the container, which need not run; None where there is none."""
        return self._ask(lambda client: docker_inside.content(client, name, path))

    def run(self, name: str, argv: Sequence[str]) -> tuple[int, str]:
        """The exit code of a program that ran to its end in the running container, and what it printed."""
        return self._ask(lambda client: docker_inside.ended(client, name, argv, _REQUEST_S))

    def way(self, name: str, host: str, port: int) -> int:
        """A port of this machine's loopback that leads to what the running container reaches there."""
        return WAYS.to(self._environ, Goal(name, host, port))

    def start(self, name: str, network: str) -> None:
        """It was started on that network, be it another than it was made on; fine when it runs."""

        def act(client: "DockerClient") -> None:
            found, there = _container(client, name), _network(client, network)
            if found is None or _thawed(found) or found.status == "running":
                return
            known = found.attrs["NetworkSettings"]["Networks"].get(network, {}).get("NetworkID")
            # It goes by the network's number, and one that was made again has another.
            if there is not None and known not in {None, "", there.id}:
                client.api.disconnect_container_from_network(name, network, force=True)
                there.connect(found)
            found.start()

        self._ask(act)

    def keep(self, name: str, *, running: bool) -> None:
        """Whether the engine starts it again when it ends by itself, and after the engine's own start."""
        policy = {"Name": "unless-stopped" if running else "no"}

        def act(found: "Container") -> None:
            if (found.attrs["HostConfig"].get("RestartPolicy") or {}).get("Name") != policy["Name"]:
                found.update(restart_policy=policy)

        self._on(name, act)

    def signal(self, name: str, number: str) -> None:
        """Its first process had the signal; fine when it does not run."""

        def act(found: "Container") -> None:
            if found.status == "running":
                found.kill(number)

        self._on(name, act)

    def stop(self, name: str, limit_s: float) -> None:
        """It does not run: asked to end, and killed after the limit. Fine when it is gone."""

        def act(found: "Container") -> None:
            # One that is paused takes no signal.
            _thawed(found)
            found.stop(timeout=round(limit_s))

        self._on(name, act, limit_s + _REQUEST_S)

    def remove(self, name: str) -> None:
        """It is gone, and its anonymous volumes."""
        self._on(name, lambda found: found.remove(force=True, v=True))

    def log(self, name: str, since_s: float) -> Sequence[tuple[str, bytes]]:
        """As the port: without a time, the end alone. An engine keeps no more than `_LOG_KEPT` says."""

        def look(client: "DockerClient") -> Sequence[tuple[str, bytes]]:
            found = _container(client, name)
            if found is None:
                return ()
            wanted = {"since": since_s} if since_s else {"tail": _LOG_LINES}
            said = found.logs(timestamps=True, **wanted)
            parted = (line.partition(b" ") for line in said.splitlines(keepends=True))
            return [(stamp.decode(errors="replace"), rest) for stamp, _, rest in parted]

        return self._ask(look)

    def memory_bytes(self, name: str) -> int | None:
        """What all its processes hold, without files that are only cached; None where nobody can tell."""

        def look(client: "DockerClient") -> int | None:
            found = _container(client, name)
            if found is None or found.status != "running":
                return None
            said = client.api.stats(name, stream=False, one_shot=True).get("memory_stats") or {}
            held, more = said.get("usage"), said.get("stats") or {}
            cached = more.get("total_inactive_file", more.get("inactive_file", 0))
            return None if held is None else max(0, held - cached)

        return self._ask(look)

    def network(self, name: str) -> Mapping[str, str] | None:
        """The labels of the network of that name; None when there is none."""
        return self._ask(lambda client: _labels(found) if (found := _network(client, name)) else None)

    def make_network(self, name: str, labels: Mapping[str, str]) -> None:
        """It is there."""

        def act(client: "DockerClient") -> None:
            if _network(client, name) is None:
                client.networks.create(name, driver="bridge", labels=dict(labels), check_duplicate=True)

        self._ask(act)

    def remove_network(self, name: str) -> bool:
        """Whether it is gone: one that is in use stays."""

        def act(client: "DockerClient") -> bool:
            found = _network(client, name)
            if found is None:
                return True
            found.reload()
            if found.containers:
                return False
            found.remove()
            return True

        return self._ask(act)

    def _on(self, name: str, act: "Callable[[Container], object]", limit_s: float = _REQUEST_S) -> None:
        """`act` on the container, where there is one."""
        from docker.errors import NotFound  # noqa: PLC0415 - see above

        def whole(client: "DockerClient") -> None:
            found = _container(client, name)
            if found is not None:
                with suppress(NotFound):
                    act(found)

        self._ask(whole, limit_s)

    def _ask(self, look: "Callable[[DockerClient], _Answer]", limit_s: float = _REQUEST_S) -> _Answer:
        """The answer. One that answered before and does not now is asked again for a while."""
        until = time.monotonic() + (self._patience_s if self._spoken else 0)
        while True:
            try:
                with docker_engine(self._environ, limit_s, self._spoken) as client:
                    answer = _understood(look, client)
                    self._spoken = client.api.api_version
            except Silent as trouble:
                if time.monotonic() >= until:
                    raise Interrupted(trouble.reason, _AGAIN) from trouble
                time.sleep(_TICK_S)
            except Unavailable as refusal:
                raise StepFailed(refusal.reason, _LOOK) from refusal
            else:
                return answer


def _understood(look: "Callable[[DockerClient], _Answer]", client: "DockerClient") -> _Answer:
    try:
        return look(client)
    except ODD as odd:
        raise Unavailable(f"the container engine answers what no engine says: {odd!r}") from odd


def _container(client: "DockerClient", name: str) -> "Container | None":
    from docker.errors import NotFound  # noqa: PLC0415 - see above

    try:
        found: Container = client.containers.get(name)
    except NotFound:
        return None
    # The engine takes the beginning of an id for a name, too.
    return found if found.name == name else None


def _published(wanted: Wanted) -> dict[str, tuple[str, int]]:
    if wanted.host_port is None:
        return {}
    return {f"{wanted.port}/tcp": (wanted.address, wanted.host_port)}


def _thawed(found: "Container") -> bool:
    """Whether it was paused; it runs now."""
    if found.status != "paused":
        return False
    found.unpause()
    return True


def _seen(found: "Container") -> Contained:
    attrs = found.attrs
    said: Mapping[str, Any] = attrs["State"]
    running = bool(said["Running"]) and not said.get("Restarting") and not said.get("Paused")
    ended = not running and said["Status"] not in {"created", "paused"}
    paused = f"paused: docker unpause {found.name}" if said.get("Paused") else ""
    words = (paused, "out of memory" if said.get("OOMKilled") else "", str(said.get("Error") or ""))
    return Contained(
        name=str(found.name),
        labels=dict(found.labels),
        running=running,
        exit_code=int(said["ExitCode"]) if ended else None,
        restarts=int(attrs.get("RestartCount") or 0),
        started_at_s=_unix(str(said.get("StartedAt") or "")),
        pid=int(said.get("Pid") or 0) if running else 0,
        detail="; ".join(filter(None, words)),
        paused=bool(said.get("Paused")),
    )


def _unix(stamp: str) -> float:
    """0 for the engine's way of saying never."""
    at = datetime.fromisoformat(_FRACTION.sub(r"\1", stamp)) if stamp else None
    return at.timestamp() if at is not None and at.year > 1 else 0.0


def _network(client: "DockerClient", name: str) -> "Network | None":
    return next((one for one in client.networks.list(names=[name]) if one.name == name), None)


def _labels(found: "Network") -> Mapping[str, str]:
    return dict(found.attrs.get("Labels") or {})
