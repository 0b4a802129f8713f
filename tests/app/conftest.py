"""A migrated database, a role as the service has it, and the service itself without a socket.

What takes long to load is loaded by the fixture that needs it: the process that hands out tests runs none.
"""

import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    import psycopg
    from fastapi import FastAPI

    from hotelctl.app.services.passwords import Passwords
    from hotelctl.app.services.service import Service
    from hotelctl.app.settings import Settings
    from tests.app.callers import Headers

CHEAP_KIB = 8


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run as the service does."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _fresh_logs() -> Iterator[None]:
    yield
    if (structlog := sys.modules.get("structlog")) is not None:
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def template(database_server: str, testrun_uid: str) -> Iterator[str]:
    """Name of a database at the newest revision, to be copied."""
    from tests.app.template import shared_template  # noqa: PLC0415 - see above

    with shared_template(database_server, testrun_uid) as name:
        yield name


@pytest.fixture(scope="session")
def runtime_login(database_server: str, template: str) -> Iterator[tuple[str, str]]:
    """Name and password of a role like hotel_app; hotel_app itself may belong to a running service."""
    from tests.app.template import login_like_the_service  # noqa: PLC0415 - see above

    assert template
    with login_like_the_service(database_server) as name_and_password:
        yield name_and_password


@pytest.fixture(scope="session")
def shared_url(database_server: str, template: str) -> Iterator[str]:
    """The owner's URL of one migrated database for all tests that change rows only."""
    from tests.databases import fresh_database  # noqa: PLC0415 - see above

    with fresh_database(database_server, template) as url:
        yield url


@pytest.fixture(scope="session")
def owner_connection(shared_url: str) -> Iterator["psycopg.Connection"]:
    """The owner's one connection for what comes before each test; a new one each time would take longer."""
    import psycopg  # noqa: PLC0415 - see above

    with psycopg.connect(shared_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def compat_rows(owner_connection: "psycopg.Connection") -> list[tuple[Any, ...]]:
    """What the revisions wrote into schema_compat."""
    return owner_connection.execute("SELECT * FROM schema_compat").fetchall()


@pytest.fixture
def owner_url(
    shared_url: str, owner_connection: "psycopg.Connection", compat_rows: list[tuple[Any, ...]]
) -> str:
    """The owner's URL of a database with the rows of a new one; for changes of rows only.

    Copying a database for each test would take most of the whole run's time.
    """
    from tests.app.template import make_like_new  # noqa: PLC0415 - see above

    make_like_new(owner_connection, compat_rows)
    return shared_url


@pytest.fixture
def spare_url(database_server: str, template: str) -> Iterator[str]:
    """The owner's URL of a migrated database of this test's own, whose tables it may change."""
    from tests.databases import fresh_database  # noqa: PLC0415 - see above

    with fresh_database(database_server, template) as url:
        yield url


@pytest.fixture
def as_runtime(runtime_login: tuple[str, str]) -> Callable[[str], str]:
    """Turns an owner's URL into the run-time role's."""
    from tests.databases import entered_as  # noqa: PLC0415 - see above

    return partial(entered_as, *runtime_login)


@pytest.fixture
def app_url(owner_url: str, as_runtime: Callable[[str], str]) -> str:
    """The run-time role's URL of the test's database."""
    return as_runtime(owner_url)


@pytest.fixture
def hotels(owner_url: str, owner_connection: "psycopg.Connection") -> str:
    """The owner's URL; two hotels exist and each has a manager and a member of staff."""
    from tests.app.people import add_two_hotels  # noqa: PLC0415 - see above

    add_two_hotels(owner_connection)
    return owner_url


@pytest.fixture
def full_trail(owner_connection: "psycopg.Connection") -> Iterator[None]:
    """The service cannot write into the audit trail."""
    owner_connection.execute("REVOKE INSERT ON audit_events FROM hotel_app")
    yield
    owner_connection.execute("GRANT INSERT ON audit_events TO hotel_app")


@pytest.fixture(scope="session")
def made_keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keyring to be copied: making one waits for the disk."""
    from hotelctl.app.services import keyring  # noqa: PLC0415 - see above

    directory = tmp_path_factory.mktemp("keys") / "keyring"
    keyring.init(directory)
    return directory


@pytest.fixture
def settings_of(tmp_path: Path, made_keyring: Path) -> Callable[..., "Settings"]:
    """Makes settings with a keyring of the test's own."""
    from tests.app.serving import settings_with  # noqa: PLC0415 - see above

    own = tmp_path / "keyring"
    shutil.copytree(made_keyring, own)
    return partial(settings_with, own)


@pytest.fixture
def cheap_passwords() -> "Passwords":
    """Password hashes at a cost that no test notices."""
    from hotelctl.app.services.passwords import Passwords  # noqa: PLC0415 - see above

    return Passwords(CHEAP_KIB)


@pytest.fixture
async def service(
    app_url: str, settings_of: Callable[..., "Settings"], cheap_passwords: "Passwords"
) -> AsyncIterator["Service"]:
    """A serving instance with cheap password hashes and the ops token `o` * 32."""
    from tests.app.serving import serving  # noqa: PLC0415 - see above

    instance = serving(settings_of(app_url, ops_token="o" * 32), cheap_passwords)
    yield instance
    await instance.db.close()


@pytest.fixture
def app(service: "Service") -> "FastAPI":
    """The application that the client speaks to; a test may add routes."""
    from hotelctl.app.api import application  # noqa: PLC0415 - see above

    return application.build(service)


@pytest.fixture
async def client(app: "FastAPI") -> AsyncIterator["httpx.AsyncClient"]:
    """Speaks to the service without a socket, from the address 203.0.113.9."""
    import httpx  # noqa: PLC0415 - see above

    transport = httpx.ASGITransport(app, client=("203.0.113.9", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://hotel.example") as talking:
        yield talking


@pytest.fixture
async def guest(hotels: str, service: "Service") -> "Headers":
    """Headers of a guest of room 204 in the first hotel."""
    from tests.app import callers  # noqa: PLC0415 - see above

    assert hotels
    return await callers.guest(service)


@pytest.fixture
async def thread(client: "httpx.AsyncClient", guest: "Headers") -> str:
    """The address of the guest's conversation."""
    from tests.app.talk import open_thread  # noqa: PLC0415 - see above

    return await open_thread(client, guest)
