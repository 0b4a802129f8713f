"""A state directory with releases of the test service as images, on the machine's own engine."""

import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.config.service import ServiceSpec
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import durable
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.places import Places
from tests.deploy.targets.place import SERVICE, ask, direct_port, eventually, specification
from tests.engine import BASE
from tests.free_port import free_port

if TYPE_CHECKING:
    from docker import DockerClient

PORT = 8000
USER = "10001:10001"
_LABEL = "hotelctl.tests"


@dataclass
class Harbour:
    """`name` is the service's: each test has its own, so that tests side by side meet nowhere."""

    state: Path
    client: "DockerClient"
    name: str
    port: int = field(default_factory=free_port)
    told: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return Places(self.state)

    def containers(self) -> DockerContainers:
        return DockerContainers(os.environ)

    def target(self, **changes: Any) -> DockerTarget:  # noqa: ANN401 - parts of a service file
        return DockerTarget(self.state, self.spec(**changes), self.containers(), tell=self.told.append)

    def spec(self, *, stop_timeout_s: float = 30, **docker: Any) -> ServiceSpec:  # noqa: ANN401 - see above
        whole = specification((), stop_timeout_s, 60).model_dump(by_alias=True)
        whole["service"]["name"] = self.name
        whole["docker"] = {"port": PORT, **docker}
        whole["database"] = {"url_env": "URL"}
        return ServiceSpec.model_validate(whole)

    def image(self, release_id: str, *manners: str, **changes: Any) -> str:  # noqa: ANN401 - of the engine
        """The id of an image that starts the test service as that release."""
        words = ["python3", "/service.py", str(PORT), f"/releases/{release_id}", "--everywhere", *manners]
        conf = {"Cmd": words, "User": USER, "Labels": {_LABEL: self.name}, **changes}
        with committed(self.client, changes.pop("base", BASE)) as base:
            made = self.client.api.commit(base, conf=conf)
        self.made.append(made["Id"])
        return str(made["Id"])

    def release(self, release_id: str, *manners: str, **changes: Any) -> Release:  # noqa: ANN401 - see above
        """Built: manifest and image. What was built before is as it was."""
        manifest = self.places.manifest(release_id)
        if known := durable.read_json(manifest):
            return Release.from_json(known)
        release = replace(self.unbuilt(release_id), image=self.image(release_id, *manners, **changes))
        manifest.parent.mkdir(parents=True, exist_ok=True)
        durable.write_json(manifest, release.to_json())
        return release

    @staticmethod
    def unbuilt(release_id: str) -> Release:
        return Release(release_id, "1.0.0", f"commit-{release_id}", "artifact/x.whl", "0" * 64, None, {})

    def ready(self, target: DockerTarget, release: Release, **env: str) -> str:
        """Where it answers, staged and ready."""
        url = target.stage(release, env).url
        eventually(lambda: ask(direct_port(url), "/readyz")[0] == 200)
        return url

    def serve(self, target: DockerTarget, release_id: str, fence: int, **env: str) -> Release:
        """Prepared, staged, ready, routed."""
        release = self.release(release_id)
        target.prepare(self.port)
        self.ready(target, release, **env)
        target.route(release, fence)
        return release

    def version(self) -> Any:  # noqa: ANN401 - JSON is any shape
        """What the edge answers."""
        return ask(self.port, "/version")[1].get("git_sha")

    def mine(self) -> list[str]:
        """The names of all containers and networks of this service."""
        wanted = {"label": f"hotelctl.service={self.name}"}
        found = [*self.client.containers.list(all=True, filters=wanted)]
        return sorted(one.name for one in [*found, *self.client.networks.list(filters=wanted)])

    def clear(self) -> None:
        """Nothing of this service is left on the engine."""
        from docker.errors import APIError  # noqa: PLC0415 - an extra

        wanted = {"label": f"hotelctl.service={self.name}"}
        for container in self.client.containers.list(all=True, filters=wanted):
            container.remove(force=True)
        for network in self.client.networks.list(filters=wanted):
            network.remove()
        for image in self.made:
            with suppress(APIError):
                self.client.images.remove(image, force=True)


@contextmanager
def committed(client: "DockerClient", base: str) -> Iterator[str]:
    """A container that was never started, whose files are the base's and the test service."""
    with ExitStack() as opened:
        container = client.containers.create(base, ["true"])
        opened.callback(container.remove, force=True)
        container.put_archive("/", _packed())
        yield container.id


@cache
def _packed() -> bytes:
    held, data = BytesIO(), SERVICE.read_bytes()
    with tarfile.open(fileobj=held, mode="w") as tar:
        info = tarfile.TarInfo("service.py")
        info.size, info.mode = len(data), 0o644
        tar.addfile(info, BytesIO(data))
    return held.getvalue()


def named(words: Sequence[str]) -> str:
    """A service's name that nobody else has."""
    return f"t{sha256(' '.join(words).encode()).hexdigest()[:10]}"
