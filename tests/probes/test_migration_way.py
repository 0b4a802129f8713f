"""A command that has an address of its own is found out before anybody is reached by it."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.probes.context import Context
from hotelctl.probes.migration_way import require_way
from tests.noting_server import NotingServer, noting_server
from tests.probes.alembic_project import FIXED, TOLD, alembic_project
from tests.probes.worlds import PROJECT, World, completed


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="w-") as directory:
        yield Path(directory)


def _tried(context: Context, place: Path) -> str:
    """Why the command is not let loose; empty where it is."""
    try:
        require_way(place / "source", Path(sys.prefix), context)
    except Unavailable as trouble:
        return trouble.reason
    return ""


@pytest.fixture(scope="module")
def server() -> Iterator[NotingServer]:
    with noting_server() as one:
        yield one


@pytest.mark.database
class TestASecondServer:
    """One on a port, which notes whoever comes."""

    @pytest.mark.parametrize("address", [FIXED, "'{url}'"])
    def test_gets_no_connection_from_a_command_with_its_address(
        self, server: NotingServer, place: Path, address: str
    ) -> None:
        context = alembic_project(place, address=address.format(url=server.url), url=server.url)
        with server.unvisited():
            why = _tried(context, place)
        assert why.startswith(
            "the migrations were not run: the command, kept off the network, did not go where DATABASE_URL "
            "says; alembic.ini:3 has an address of its own. It said: "
        )

    def test_is_no_hindrance_to_a_command_that_goes_where_it_is_told(
        self, server: NotingServer, place: Path
    ) -> None:
        with server.unvisited():
            assert _tried(alembic_project(place, url=server.url), place) == ""

    def test_by_its_socket_is_not_even_tried(self, server: NotingServer, place: Path) -> None:
        by_socket = f"postgresql://postgres@/postgres?host={server.directory}"
        with server.unvisited():
            assert _tried(alembic_project(place, address=FIXED, url=by_socket), place) == (
                "the migrations were not run: the command does not read DATABASE_URL; alembic.ini:3 has an "
                "address of its own, by a socket of this machine"
            )


@pytest.mark.system
@pytest.mark.parametrize("url", ["postgresql:///live", "postgresql://hotelctl@/live"])
def test_an_address_without_a_host_is_one_of_its_own(place: Path, url: str) -> None:
    """It comes by the socket that is told, and without one it would go to that of this machine."""
    why = _tried(alembic_project(place, address=FIXED, url=url), place)
    assert "did not go where DATABASE_URL says; alembic.ini:3 has an address of its own. It said: " in why
    assert "hotelctl only looks where this command goes" in why


@pytest.mark.system
def test_a_name_of_its_own_on_the_server_that_is_told_is_found_out(place: Path) -> None:
    own_name = f"{TOLD}.replace('/hotelctl_where_told', '/live')"
    assert "did not go where DATABASE_URL says" in _tried(alembic_project(place, address=own_name), place)


def _world(ini: str = "", env: str = "") -> World:
    world = World(migrations={"kind": "alembic", "directory": "a/m", "command": ["up"]})
    world.write("alembic.ini", ini)
    world.write("a/m/env.py", env)
    return world


def _why(world: World) -> str:
    try:
        require_way(PROJECT, Path("/throw-away/venv"), world.context())
    except Unavailable as trouble:
        return trouble.reason
    return ""


def test_where_nothing_can_be_kept_off_the_network_the_files_decide() -> None:
    fixed = "[alembic]\nsqlalchemy.url = postgresql://o:secret@db.prod/live\n"
    for world, said in (
        (_world(fixed), "; alembic.ini:2 has an address of its own"),
        (_world(env="x = 1\nurl = 'postgresql+psycopg://o:secret@db.prod/live'\n"), "; a/m/env.py:2 has"),
    ):
        world.work.alone = None
        why = _why(world)
        assert why.startswith(
            f"the migrations were not run: the command may not go where DATABASE_URL says{said}"
        )
        assert "secret" not in why
    for harmless in (
        _world(),
        _world("sqlalchemy.url = driver://user:pass@localhost/dbname"),
        _world(fixed, "DATABASE_URL"),
    ):
        harmless.work.alone = None
        assert _why(harmless) == ""


def test_who_came_is_not_tried_again_in_the_same_run() -> None:
    world = _world()
    world.tracer.comes = False
    world.work.alone = completed(1, "no route")
    assert _why(world).endswith("did not go where DATABASE_URL says. It said: no route")
    world.tracer.comes = True
    assert _why(world) == ""
    world.tracer.comes = False
    assert _why(world) == ""
    assert _why(World()) == "", "plain SQL files have no command"
