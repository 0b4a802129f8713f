"""The ASGI application of one service."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI

from hotelctl.app.api import auth, health, pages, problems
from hotelctl.app.api.body_limit import BodyLimit
from hotelctl.app.api.envelope import Envelope
from hotelctl.app.identity import NAME
from hotelctl.app.services.service import Service

_OPEN_ENVIRONMENT = "local"


def build(service: Service, give_up: Callable[[], None] = lambda: None) -> FastAPI:
    """The application; it answers while the service comes up; `give_up` is called if that fails."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start = asyncio.create_task(service.start(give_up))
        yield
        start.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await start
        await service.stop()

    described = service.settings.hotel_env == _OPEN_ENVIRONMENT
    app = FastAPI(
        title=NAME,
        version=service.identity.version,
        openapi_url="/openapi.json" if described else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.service = service
    problems.install(app)
    for module in (health, auth, pages):
        app.include_router(module.router)
    app.add_middleware(BodyLimit)
    app.add_middleware(Envelope, service=service)
    return app
