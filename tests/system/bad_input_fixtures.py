"""One deployed service that every refused command is held against, and a database server with passwords.

Each file of tests has its own: what one file deployed must not decide how the next one ends.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.cli._stop import stop_all
from hotelctl.deploy.targets.places import Places
from tests.free_port import free_port
from tests.services.checkout import git
from tests.system.bad_input_project import quick_checkout
from tests.system.bad_input_server import PasswordServer, password_server
from tests.system.bad_input_witness import Witness
from tests.system.bad_input_world import Served, World


@pytest.fixture(scope="module")
def open_place() -> Iterator[Path]:
    """A directory that the account of the embedded database may pass through, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="bad-")).resolve()
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def bad_input_world(open_place: Path) -> Iterator[World]:
    """A project with the environments `local` and `other`; nothing is deployed yet."""
    ports = {"local": free_port()}
    ports["other"] = free_port(*ports.values())
    root = quick_checkout(open_place, ports)
    temporary = open_place / "tmp"
    temporary.mkdir(mode=0o777)
    try:
        yield World(root, "local", ports["local"], temporary, git(root, "rev-parse", "HEAD"))
    finally:
        for name in ports:
            list(stop_all(Places(root / ".hotelctl" / name)))


@pytest.fixture(scope="module")
def deployed(bad_input_world: World) -> Iterator[Served]:
    """The good release serves a note, and somebody asks all the time."""
    first = bad_input_world.run("deploy")
    assert first.code == 0, first.err + first.out
    bad_input_world.add_note("kept through everything")
    with Witness(bad_input_world.port, "/version") as witness:
        yield Served(bad_input_world, witness)


@pytest.fixture
def victim(deployed: Served) -> Iterator[Served]:
    """The deployed service; whatever a test commits or changes in the checkout is gone after it."""
    yield deployed
    deployed.world.restore()


@pytest.fixture(scope="module")
def guarded_server(open_place: Path) -> Iterator[PasswordServer]:
    """A server that wants passwords, with a foreign, an empty and a closed database."""
    with password_server(open_place / "server") as server:
        yield server
