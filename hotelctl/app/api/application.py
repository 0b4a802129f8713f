"""The ASGI application of one service."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.middleware.cors import CORSMiddleware

from hotelctl.app.api import (
    account_page,
    admin_page,
    assets,
    assistant,
    audit,
    audit_page,
    auth,
    dashboards,
    error_pages,
    forgot_page,
    guest_pages,
    health,
    hotel_export,
    hotel_plan,
    hotel_settings,
    knowledge_import,
    knowledge_page,
    login_pages,
    metrics,
    new_password,
    ops,
    pages,
    people_page,
    person_page,
    plan_page,
    problems,
    qr,
    qr_hotel,
    qr_pages,
    qr_sheet,
    rendering,
    room_notes,
    scan_page,
    session,
    set_password_page,
    settings_page,
    staff_chats,
    staff_notes,
    staff_page,
    ticket_page,
    tickets,
    tickets_page,
    users,
    webhooks,
    work_order_page,
    work_orders,
    work_orders_page,
)
from hotelctl.app.api.body_limit import BodyLimit
from hotelctl.app.api.description import DescribedAPI
from hotelctl.app.api.envelope import Envelope
from hotelctl.app.api.hosts import KnownHosts
from hotelctl.app.api.streams import is_stream
from hotelctl.app.identity import NAME
from hotelctl.app.services.assistant import reading
from hotelctl.app.services.jobs.registry import JOBS
from hotelctl.app.services.jobs.runner import keep_running
from hotelctl.app.services.service import Service

_OPEN_ENVIRONMENT = "local"
_MAIL_GRACE_S = 5.0
ROUTED = (
    # Asked in this order which of them is meant: what is asked most comes first.
    *(health, assistant, tickets, dashboards, work_orders, session, auth),
    *(metrics, ops, new_password, qr, qr_hotel, webhooks, users, audit),
    *(hotel_settings, hotel_plan, hotel_export, room_notes),
    *(assets, pages, login_pages, account_page, set_password_page, forgot_page, scan_page),
    *(qr_pages, guest_pages, knowledge_import, knowledge_page, qr_sheet, people_page, person_page),
    *(settings_page, plan_page, audit_page, admin_page),
    *(work_orders_page, work_order_page, staff_page, staff_chats, staff_notes, tickets_page, ticket_page),
)
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_ASKED_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID")
_TOLD_HEADERS = (
    *("ETag", "Idempotency-Replayed", "Retry-After", "X-Request-Id"),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
)


@contextlib.asynccontextmanager
async def _delivering(service: Service) -> AsyncIterator[None]:
    """Mail is sent meanwhile, where a server for it is set; one under way has some seconds to end."""
    if not service.external.smtp.configured():
        yield
        return
    task = asyncio.create_task(service.post.deliver())
    yield
    service.post.stop()
    await asyncio.wait({task}, timeout=_MAIL_GRACE_S)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@contextlib.asynccontextmanager
async def _tidying(service: Service) -> AsyncIterator[None]:
    """Jobs run meanwhile; one under way is broken off, and its transaction taken back."""

    async def is_ready() -> bool:
        return (await service.probe.read()).ready

    if not service.settings.jobs_pause_s:
        yield
        return
    work = keep_running(service.db, JOBS, service.settings.jobs_pause_s, is_ready)
    task = asyncio.create_task(work)
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def build(service: Service, give_up: Callable[[], None] = lambda: None) -> FastAPI:
    """The application; it answers while the service comes up; `give_up` is called if that fails."""

    async def come_up() -> None:
        await service.start(give_up, rendering.warm)
        await asyncio.to_thread(reading.warm)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start = asyncio.create_task(come_up())
        async with _delivering(service), _tidying(service):
            yield
        start.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await start
        await service.stop()

    described = service.settings.hotel_env == _OPEN_ENVIRONMENT
    app = DescribedAPI(
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
    error_pages.install(app)
    for module in ROUTED:
        _take_in(app, module.router)
    _surround(app, service)
    return app


def _take_in(app: FastAPI, router: APIRouter) -> None:
    """The application has the router's routes itself.

    A router that is included is asked four times for each request whether one of its routes is meant.
    What may be read answers a HEAD, too, as it answers a GET; the server leaves the body out. A stream does
    not: it would run on for nobody.
    """
    routes = [context.original_route for context in iter_route_contexts(router.routes)]
    for route in routes:
        if isinstance(route, APIRoute) and route.methods == {"GET"} and not is_stream(route.responses):
            route.methods.add("HEAD")
    app.router.routes += routes


def _surround(app: FastAPI, service: Service) -> None:
    """What is added last is outermost."""
    app.add_middleware(BodyLimit)
    if service.settings.cors_origins:
        # No credentials: a page elsewhere brings a token of its own, never somebody's cookie.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=service.settings.cors_origins,
            allow_methods=_METHODS,
            allow_headers=_ASKED_HEADERS,
            expose_headers=_TOLD_HEADERS,
        )
    app.add_middleware(KnownHosts, service=service)
    app.add_middleware(Envelope, service=service)
