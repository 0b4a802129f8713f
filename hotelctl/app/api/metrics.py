"""Figures for Prometheus, for operators and for whoever asks on this machine itself."""

import asyncio
import math
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from hotelctl.app.api.hosts import LOOPBACK, host_of
from hotelctl.app.api.parts import ServiceDep, is_operator
from hotelctl.app.api.refusals import refuses
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services.service import Service
from hotelctl.app.store import outbox

_DB_TIMEOUT_S = 1.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")


def _asks_here(request: Request) -> bool:
    """Whether it comes from this machine and went through no proxy, which would speak for somebody else."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        local = ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return local and host_of(request.headers) in LOOPBACK


@refuses(Unauthenticated)
async def _admitted(service: ServiceDep, request: Request) -> Service:
    if not (is_operator(service, request) or _asks_here(request)):
        raise Unauthenticated
    return service


async def _pending(service: Service) -> float:
    try:
        async with asyncio.timeout(_DB_TIMEOUT_S), service.db.transaction() as session:
            return await outbox.pending(session)
    except (SQLAlchemyError, TimeoutError, OSError):
        return math.nan


router = APIRouter()


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(service: Annotated[Service, Depends(_admitted)]) -> Response:
    """The figures of this instance; those of a moment are looked up now."""
    found = service.metrics
    found.inflight.set(service.inflight)
    found.ready.set((await service.probe.read()).ready)
    found.outbox_pending.set(await _pending(service))
    use = service.db.pool_use()
    for part, gauge in found.pool.items():
        gauge.set(use[part])
    return Response(found.text(), media_type=CONTENT_TYPE_LATEST)
