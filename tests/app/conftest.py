"""A migrated database, a role as the service has it, and the service itself without a socket.

What takes long to load is loaded by the fixture that needs it: the process that hands out tests runs none.
"""

import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
import structlog
from psycopg import sql
from sqlalchemy import make_url

from hotelctl.app import logs
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import Settings
from tests.conftest import fresh_database

if TYPE_CHECKING:
    from fastapi import FastAPI

    from hotelctl.app.services.service import Service
    from tests.app.callers import Headers

CHEAP_KIB = 8


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run as the service does."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _fresh_logs() -> Iterator[None]:
    yield
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
    assert template
    name, password = f"test_{secrets.token_hex(8)}", secrets.token_hex(16)
    role = sql.Identifier(name)
    with psycopg.connect(database_server, autocommit=True) as connection:
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE hotel_app")
        connection.execute(statement.format(role, sql.Literal(password)))
        yield name, password
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.fixture(scope="session")
def shared_url(database_server: str, template: str) -> Iterator[str]:
    """The owner's URL of one migrated database for all tests that change rows only."""
    with fresh_database(database_server, template) as url:
        yield url


@pytest.fixture(scope="session")
def owner_connection(shared_url: str) -> Iterator[psycopg.Connection]:
    """The owner's one connection for what comes before each test; a new one each time would take longer."""
    with psycopg.connect(shared_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def compat_rows(owner_connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    """What the revisions wrote into schema_compat."""
    return owner_connection.execute("SELECT * FROM schema_compat").fetchall()


@pytest.fixture
def owner_url(
    shared_url: str, owner_connection: psycopg.Connection, compat_rows: list[tuple[Any, ...]]
) -> str:
    """The owner's URL of a database with the rows of a new one; for changes of rows only.

    Copying a database for each test would take most of the whole run's time.
    """
    with owner_connection.pipeline(), owner_connection.transaction():
        for table in ("hotels", "rate_limits", "schema_compat", "stripe_events"):
            owner_connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        owner_connection.execute(
            "INSERT INTO hotels (id, name, slug, is_synthetic) VALUES (%s, %s, %s, true)",
            (SYNTHETIC_HOTEL_ID, "Synthetic hotel", "__synthetic__"),
        )
        cursor = owner_connection.cursor()
        cursor.executemany("INSERT INTO schema_compat VALUES (%s, %s, %s, %s, %s)", compat_rows)
    return shared_url


@pytest.fixture
def spare_url(database_server: str, template: str) -> Iterator[str]:
    """The owner's URL of a migrated database of this test's own, whose tables it may change."""
    with fresh_database(database_server, template) as url:
        yield url


@pytest.fixture
def as_runtime(runtime_login: tuple[str, str]) -> Callable[[str], str]:
    """Turns an owner's URL into the run-time role's."""
    name, password = runtime_login

    def convert(url: str) -> str:
        return make_url(url).set(username=name, password=password).render_as_string(hide_password=False)

    return convert


@pytest.fixture
def app_url(owner_url: str, as_runtime: Callable[[str], str]) -> str:
    """The run-time role's URL of the test's database."""
    return as_runtime(owner_url)


@pytest.fixture
def hotels(owner_url: str, owner_connection: psycopg.Connection) -> str:
    """The owner's URL; two hotels exist and each has a manager and a member of staff."""
    from tests.app.people import HOTEL_A, HOTEL_B, add_hotel, add_user  # noqa: PLC0415 - see above

    with owner_connection.pipeline(), owner_connection.transaction():
        for hotel_id, slug in ((HOTEL_A, "alpha"), (HOTEL_B, "beta")):
            add_hotel(owner_connection, hotel_id, slug)
            add_user(owner_connection, hotel_id, f"manager@{slug}.example", "manager")
            add_user(owner_connection, hotel_id, f"staff@{slug}.example", "staff")
    return owner_url


@pytest.fixture
def full_trail(owner_connection: psycopg.Connection) -> Iterator[None]:
    """The service cannot write into the audit trail."""
    owner_connection.execute("REVOKE INSERT ON audit_events FROM hotel_app")
    yield
    owner_connection.execute("GRANT INSERT ON audit_events TO hotel_app")


@pytest.fixture(scope="session")
def made_keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keyring to be copied: making one waits for the disk."""
    directory = tmp_path_factory.mktemp("keys") / "keyring"
    keyring.init(directory)
    return directory


@pytest.fixture
def settings_of(tmp_path: Path, made_keyring: Path) -> Callable[..., Settings]:
    """Makes settings with a keyring of the test's own."""
    shutil.copytree(made_keyring, tmp_path / "keyring")

    def make(url: str, **more: object) -> Settings:
        values = {
            "database_url": url,
            "hotel_keyring": tmp_path / "keyring",
            "hotel_public_url": "https://hotel.example",
            "hotel_env": "test",
            "database_wait_s": 0,
        }
        return Settings.model_validate({**values, **more})

    return make


@pytest.fixture
def cheap_passwords() -> Passwords:
    """Password hashes at a cost that no test notices."""
    return Passwords(CHEAP_KIB)


@pytest.fixture
async def service(
    app_url: str, settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> AsyncIterator["Service"]:
    """A serving instance with cheap password hashes and the ops token `o` * 32."""
    from hotelctl.app.services.readiness import Phase  # noqa: PLC0415 - see above
    from hotelctl.app.services.service import Service  # noqa: PLC0415 - see above

    settings = settings_of(app_url, ops_token="o" * 32)
    instance = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    logs.configure(instance.identity)
    instance.probe.phase = Phase.SERVING
    yield instance
    await instance.db.close()


@pytest.fixture
def app(service: "Service") -> "FastAPI":
    """The application that the client speaks to; a test may add routes."""
    from hotelctl.app.api import application  # noqa: PLC0415 - see above

    return application.build(service)


@pytest.fixture
async def client(app: "FastAPI") -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the service without a socket, from the address 203.0.113.9."""
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
async def thread(client: httpx.AsyncClient, guest: "Headers") -> str:
    """The address of the guest's conversation."""
    from tests.app.talk import open_thread  # noqa: PLC0415 - see above

    return await open_thread(client, guest)
