"""A run of probes against the service without a socket, which a test may make lie."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Probe, Run, run_probes
from hotelctl.app.smoke.talk import Talk, client_of
from tests.app.smoke.lies import Lying

_UNHURRIED_S = 60.0
Verdict = Callable[[str], Awaitable[str]]


def unhurried(*numbers: str) -> list[Probe]:
    """The probes of those numbers, with time enough for a machine that has other tests to run."""
    chosen = [probe for probe in PROBES if probe.name.split()[0] in numbers]
    return [replace(probe, budget_s=_UNHURRIED_S) for probe in chosen]


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
        (result,) = await run_probes(unhurried(number), run)
        return " ".join(filter(None, (str(result["status"]), str(result["why"]))))

    return ask
