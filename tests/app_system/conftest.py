"""Real instances of the service on a database with two hotels."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hotelctl.app.services import keyring
from tests.app.conftest import (
    anyio_backend,
    app_url,
    as_runtime,
    cheap_passwords,
    compat_rows,
    hotels,
    made_keyring,
    owner_connection,
    owner_url,
    runtime_login,
    settings_of,
    shared_url,
    spare_url,
    template,
)
from tests.app_system.instances import Instance, running
from tests.browsing import browser

__all__ = [
    "anyio_backend",
    "app_url",
    "as_runtime",
    "browser",
    "cheap_passwords",
    "compat_rows",
    "hotels",
    "made_keyring",
    "owner_connection",
    "owner_url",
    "runtime_login",
    "settings_of",
    "shared_url",
    "spare_url",
    "template",
]


@pytest.fixture
def environment(tmp_path: Path, app_url: str) -> dict[str, str]:
    """The variables of an instance with a keyring of the test's own."""
    keyring.init(tmp_path / "keyring")
    return {
        "DATABASE_URL": app_url,
        "HOTEL_KEYRING": str(tmp_path / "keyring"),
        "HOTEL_PUBLIC_URL": "http://127.0.0.1",
        "HOTEL_ENV": "test",
    }


@pytest.fixture
def instances(environment: dict[str, str], hotels: str, tmp_path: Path) -> Iterator[list[Instance]]:
    """Two that are ready, as during a deploy; the hotels have people."""
    assert hotels
    with ExitStack() as stack:
        yield [stack.enter_context(running(environment, tmp_path / f"{name}.log")) for name in ("one", "two")]
