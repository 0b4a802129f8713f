"""Databases for tests: fresh ones on the server of TEST_DATABASE_URL, else on a throw-away server.

What takes long to load is loaded by the fixture that needs it: the process that hands out tests runs none.
"""

import gc
import os
import signal
from collections.abc import Iterator

import pytest

from tests.engine import engine  # noqa: F401 - a fixture is found by its name here

# Thousands of collected tests live to the end: to look at them again and again took a tenth of the unit tier.
gc.set_threshold(200_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """What is left is not looked through once more while the process ends, which took it a second."""
    gc.disable()
    gc.freeze()


# Who runs the tests in the background has Ctrl-C ignored, and with them every program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The owner's URL of a server on which databases may be made."""
    from tests.databases import server  # noqa: PLC0415 - see above

    with server(os.environ.get("TEST_DATABASE_URL", "")) as url:
        yield url


@pytest.fixture
def database_url(database_server: str) -> Iterator[str]:
    """The owner's URL of an empty database of this test's own."""
    from tests.databases import fresh_database  # noqa: PLC0415 - see above

    with fresh_database(database_server) as url:
        yield url
