"""A second instance of this very release, in the probe's own process: it shares nothing with the first."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import structlog

from hotelctl.app.api import application
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import PostgresUrl, Settings, load
from hotelctl.app.smoke.talk import client_of


@asynccontextmanager
async def second_instance(database_url: PostgresUrl) -> AsyncIterator[httpx.AsyncClient]:
    """What speaks to it; it enters the database as instances do. Raises StartFailure."""
    # What it logs is nobody's: the program's own output is read by a machine.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = load(Settings).model_copy(update={"database_url": database_url})
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity())
    service.probe.phase = Phase.SERVING
    transport = httpx.ASGITransport(application.build(service), client=("127.0.0.1", 0))
    try:
        async with client_of("http://127.0.0.1", transport) as client:
            yield client
    finally:
        await service.db.close()
