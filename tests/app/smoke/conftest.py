"""A run of probes against the service without a socket, which a test may make lie."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Run, run_probes
from hotelctl.app.smoke.talk import Talk, client_of
from tests.app.smoke.lies import Lying

Verdict = Callable[[str], Awaitable[str]]


@pytest.fixture
async def lying(app: FastAPI) -> Lying:
    """What stands between the probes and the service."""
    return Lying(httpx.ASGITransport(app, client=("127.0.0.1", 5000)))


@pytest.fixture
async def run(hotels: str, app_url: str, lying: Lying, cheap_passwords: Passwords) -> AsyncIterator[Run]:
    """A run beside two hotels of other people."""
    with prepared(hotels, app_url, cheap_passwords) as ground:
        async with client_of("http://127.0.0.1", lying) as client:
            yield Run(Talk(client), ground)


@pytest.fixture
def verdict(run: Run) -> Verdict:
    """How the probe of that number ends: `PASS`, or its status and why."""

    async def ask(number: str) -> str:
        (probe,) = (one for one in PROBES if one.name.split()[0] == number)
        (result,) = await run_probes([probe], run)
        return " ".join(filter(None, (str(result["status"]), str(result["why"]))))

    return ask
