"""What surrounds every request: its record, security headers, the in-flight count, the access line."""

import time
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotelctl.app.api import error_pages
from hotelctl.app.api.client import client_ip, request_id, user_agent
from hotelctl.app.api.headers import dress
from hotelctl.app.api.hosts import PROBES
from hotelctl.app.domain.failures import RateLimited
from hotelctl.app.logs import Event, RequestRecord, current_request, log
from hotelctl.app.services.service import Service


class Envelope:
    """ASGI middleware around the whole application; an exception that gets here becomes a 500."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._https = service.settings.hotel_public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything but HTTP through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trusted = self._service.settings.trusted_proxies
        record = RequestRecord(request_id(scope, trusted), client_ip(scope, trusted), user_agent(scope))
        token = current_request.set(record)
        # Probes are no work that a drain has to wait for.
        work = 0 if scope["path"] in PROBES else 1
        self._service.inflight += work
        try:
            await self._handle(scope, receive, send, record)
        finally:
            self._service.inflight -= work
            current_request.reset(token)

    async def _handle(self, scope: Scope, receive: Receive, send: Send, record: RequestRecord) -> None:
        began_s = time.perf_counter()
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), scope, record)
            await send(message)

        try:
            await self._app(scope, receive, send_dressed)
            if record.owed is not None:
                with suppress(RateLimited):  # it was answered; the next one is stopped
                    await record.owed()
        except Exception as error:
            log().error(Event.REQUEST_FAILED, msg="unexpected error", exc_info=error)
            if status:
                raise
            await error_pages.unexpected(Request(scope, receive))(scope, receive, send_dressed)
        finally:
            self._count(scope, record, status, time.perf_counter() - began_s)

    def _count(self, scope: Scope, record: RequestRecord, status: int, dur_s: float) -> None:
        # The template, not the path: a path may hold a token.
        route = getattr(scope.get("route"), "path", "unmatched")
        metrics = self._service.metrics
        metrics.answered(route, scope["method"], status, dur_s, synthetic=record.synthetic)
        if record.limited_by is not None:
            metrics.limited(record.limited_by)
        if record.uncounted_in is not None:
            metrics.uncounted(record.uncounted_in)
        _write_access(scope["method"], route, record, status, dur_s * 1000)

    def _dress(self, headers: MutableHeaders, scope: Scope, record: RequestRecord) -> None:
        dress(headers, scope["path"], https=self._https)
        headers["X-Request-Id"] = record.request_id
        if self._service.draining:
            headers["Connection"] = "close"


def _write_access(method: str, route: str, record: RequestRecord, status: int, dur_ms: float) -> None:
    log().info(
        Event.ACCESS,
        msg=f"{method} {route} {status}",
        route=route,
        method=method,
        status=status,
        dur_ms=round(dur_ms, 2),
        db_ms=round(record.db_ms, 2),
        db_n=record.db_n,
        hotel_id=record.hotel_id,
        subject_kind=record.subject_kind,
        err_code=record.err_code,
    )
