"""The second service on an engine elsewhere: what it needs there, and what must not be left of it."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.deploy.waiting import came_true
from tests.edge_image import EDGE, edge_image
from tests.engine import POSTGRES
from tests.free_port import free_port
from tests.services.checkout import commit_all
from tests.system import wharf
from tests.system.conftest import a_site
from tests.system.site import Site

if TYPE_CHECKING:
    from docker import DockerClient

THERE = "127.0.0.2"
"""An address of the engine's host that the commands of this machine do not think of."""
_START = """set -e
cd /tmp
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb)")
"$bin/initdb" --pgdata=/tmp/d --username=keeper --encoding=UTF8 --auth=scram-sha-256 --pwfile=/tmp/p
echo "host all all all scram-sha-256" >>/tmp/d/pg_hba.conf
exec "$bin/postgres" -D /tmp/d -c listen_addresses='*' -c unix_socket_directories=/tmp -c fsync=off
"""
_PATIENCE_S = 60


@contextmanager
def database(client: "DockerClient") -> Iterator[str]:
    """The owner's URL of a database that this machine and containers of any network reach."""
    password, port = secrets.token_hex(16), free_port()
    bridge = client.networks.get("bridge")
    host = str(bridge.attrs["IPAM"]["Config"][0]["Gateway"])
    words = f"umask 077; printf %s {password} >/tmp/p; {_START}"
    container = client.containers.run(
        POSTGRES,
        entrypoint=["/bin/sh", "-c", words],
        user="postgres",
        ports={"5432/tcp": (host, port)},
        shm_size="128m",
        detach=True,
    )
    url = f"postgresql://keeper:{password}@{host}:{port}/postgres"
    try:
        assert came_true(lambda: _answers(url), _PATIENCE_S), container.logs().decode()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE notes")
        yield url.replace("/postgres", "/notes")
    finally:
        container.remove(force=True, v=True)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def offshore(site: Site, url: str, image: str = EDGE) -> Site:
    """The same environment, served from an engine elsewhere, whose edge listens at `THERE`."""
    wharf.on_docker(site)
    file = site.root / "hotelctl.toml"
    file.write_text(f'{file.read_text()}\n[docker.edge]\nimage = "{image}"\naddress = "{THERE}"\n')
    values = site.root / ".env.local"
    values.write_text(f"NOTES_DATABASE_URL={url}\n")
    values.chmod(0o600)
    commit_all(site.root, "Served from an engine elsewhere")
    return site


@contextmanager
def cleared(client: "DockerClient", site: Site) -> Iterator[Site]:
    """Afterwards the engine has nothing of the site, and its volumes neither."""
    try:
        with wharf.cleared(client, site):
            yield site
    finally:
        for volume in client.volumes.list(filters={"label": f"hotelctl.service={wharf.service(site)}"}):
            volume.remove()


@dataclass(frozen=True)
class Shore:
    """The site, and how its engine is reached."""

    site: Site
    environ: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where clients ask, on the engine's host."""
        return f"http://{THERE}:{self.site.port}"


@contextmanager
def landed(
    client: "DockerClient", door: Callable[[], AbstractContextManager[Mapping[str, str]]]
) -> Iterator[Shore]:
    """The second service, deployed once by its command onto an engine that is reached by that door."""
    wharf.driven(client)
    edge_image(client)
    with ExitStack() as opened:
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        environ = opened.enter_context(door())
        for name, value in environ.items():
            patch.setenv(name, value)
        url = opened.enter_context(database(client))
        site = opened.enter_context(a_site())
        opened.enter_context(cleared(client, site))
        offshore(site, url).deploy().expect(0)
        yield Shore(site, environ)


def serving(site: Site) -> str:
    """The id of the release that serves, which is reached."""
    said = site.facts("status")
    assert (said["process"], said["reachable"]) == ("runs", True), said
    return str(said["serving"].rpartition(" ")[2])
