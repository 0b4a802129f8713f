"""The second service on a container engine: its images build on one that has what it needs."""

import hashlib
import importlib.metadata
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.engine import BASE
from tests.services.checkout import commit_all
from tests.system.site import Site

if TYPE_CHECKING:
    from docker import DockerClient

DRIVEN = "hotelctl-driven:tests"
# The driver, and what builds the wheel.
_PACKAGES = (
    "psycopg",
    "psycopg-binary",
    "typing-extensions",
    "hatchling",
    "packaging",
    "pathspec",
    "pluggy",
    "trove-classifiers",
)
_NAME = 'name = "plain-notes"'
_DOCKERFILE = f"""FROM {DRIVEN}
COPY pyproject.toml README.md /build/
COPY plainsvc /build/plainsvc
RUN cd /build && python3 -m hatchling build --target wheel --directory /build/dist \\
    && python3 -m zipfile -e /build/dist/*.whl /usr/lib/python3/dist-packages \\
    && rm -r /build
USER 10001:10001
EXPOSE 8000
CMD ["python3", "-m", "plainsvc", "--host", "0.0.0.0", "--port", "8000"]
"""


def driven(client: "DockerClient") -> None:
    """The engine has, by the name `DRIVEN`, the base with the packages that these tests run with."""
    container = client.containers.create(BASE, ["true"])
    try:
        container.put_archive("/usr/lib/python3/dist-packages", _packed())
        repository, _, tag = DRIVEN.partition(":")
        container.commit(repository=repository, tag=tag, changes="ENV PYTHONDONTWRITEBYTECODE=1")
    finally:
        container.remove(force=True)


def _packed() -> bytes:
    """The files of those packages, as they are installed here."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name in _PACKAGES:
            for file in importlib.metadata.distribution(name).files or ():
                if ".." not in file.parts and "__pycache__" not in file.parts:
                    tar.add(file.locate(), str(file))
    return held.getvalue()


def on_docker(site: Site) -> Site:
    """The same environment, served from containers. Its service has a name of its own on the engine."""
    file = site.root / "hotelctl.toml"
    text = file.read_text().replace(_NAME, f'name = "{service(site)}"')
    text = text.replace("[environments.local]\n", '[environments.local]\ntarget = "docker"\n')
    file.write_text(text)
    (site.root / "Dockerfile").write_text(_DOCKERFILE)
    commit_all(site.root, "Served from containers")
    return site


def service(site: Site) -> str:
    return f"notes-{hashlib.sha256(bytes(site.root)).hexdigest()[:8]}"


def labelled(client: "DockerClient", site: Site) -> list[Any]:
    """Every container of the site, running or not."""
    return list(client.containers.list(all=True, filters={"label": f"hotelctl.service={service(site)}"}))


@dataclass(frozen=True)
class Wharf:
    """What the site has on the engine."""

    client: "DockerClient"
    site: Site

    def releases(self) -> dict[str, str]:
        """Those of its containers, running or not, by the ids of these."""
        return {one.id: one.labels["hotelctl.release"] for one in labelled(self.client, self.site)}

    def clear(self) -> None:
        """Nothing of it is there any more."""
        for container in labelled(self.client, self.site):
            container.remove(force=True)
        for network in self.networks():
            network.remove()
        for image in self.client.images.list(service(self.site)):
            self.client.images.remove(image.id, force=True)

    def networks(self) -> list[Any]:
        """All of its name."""
        wanted = {"label": f"hotelctl.service={service(self.site)}"}
        return list(self.client.networks.list(filters=wanted))

    def images(self) -> set[str]:
        """The ids of those that have one of its names."""
        return {one.id for one in self.client.images.list(service(self.site))}


@contextmanager
def cleared(client: "DockerClient", site: Site) -> Iterator[Site]:
    """Afterwards the engine has nothing of the site."""
    site.wharf = Wharf(client, site)
    try:
        yield site
    finally:
        site.stop()
        site.wharf.clear()


def running(client: "DockerClient", site: Site) -> set[str]:
    """The releases whose containers run."""
    return {one.labels["hotelctl.release"] for one in labelled(client, site) if one.status == "running"}
