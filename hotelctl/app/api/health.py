"""Liveness, readiness, database health and version."""

import asyncio
import time
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse

from hotelctl.app.api.parts import ServiceDep, is_operator
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import NAME
from hotelctl.app.services.service import Service
from hotelctl.app.store import health

router = APIRouter()
_DB_TIMEOUT_S = 1.0


class StatusOut(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(BaseModel):
    """Whether traffic may come, what each check found, and how many requests are under way."""

    status: Literal["ready", "starting", "draining", "not_ready"]
    checks: dict[str, str]
    inflight: int


class VersionOut(BaseModel):
    """The release and the start that answers."""

    name: str
    version: str
    git_sha: str
    schema_serial: int
    instance_id: str
    started_at: datetime


class RoleOut(BaseModel):
    """The role that the service uses."""

    name: str
    superuser: bool
    bypassrls: bool
    owns_tables: bool


class DatabaseOut(BaseModel):
    """Whether the database answers; the details are for operators."""

    status: Literal["ok", "failed"]
    latency_ms: float | None
    revision: str | None = None
    serial: int | None = None
    min_code_serial: int | None = None
    server_version: str | None = None
    role: RoleOut | None = None
    pool: dict[str, int] | None = None


@router.get("/health", operation_id="health")
@router.get("/healthz", include_in_schema=False)
async def alive() -> StatusOut:
    """200 as long as the process answers; asks nothing else, so an outage elsewhere restarts nobody."""
    return StatusOut(status="ok")


@router.get("/readyz", operation_id="readyz", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
async def ready(service: ServiceDep) -> JSONResponse:
    """200 when traffic may come; 503 while starting, draining or without database or fitting schema."""
    state = await service.probe.read()
    body = {"status": state.status, "checks": state.checks, "inflight": service.inflight}
    return JSONResponse(body, 200 if state.ready else 503)


@router.get("/version")
async def version(service: ServiceDep) -> VersionOut:
    """Which release and which start of it answers."""
    identity = service.identity
    return VersionOut(
        name=NAME,
        version=identity.version,
        git_sha=identity.git_sha,
        schema_serial=SCHEMA_SERIAL,
        instance_id=identity.instance_id,
        started_at=identity.started_at,
    )


@router.get("/api/health/db", response_model=DatabaseOut, responses={503: {"model": DatabaseOut}})
async def database(service: ServiceDep, request: Request) -> JSONResponse:
    """Whether the database answers and how fast; with OPS_TOKEN also role, schema and pool."""
    began_s = time.perf_counter()
    try:
        async with asyncio.timeout(_DB_TIMEOUT_S), service.db.transaction() as session:
            await health.server_time(session)
            latency_ms = round((time.perf_counter() - began_s) * 1000, 2)
            details = await _details(service, session) if is_operator(service, request) else {}
    except (SQLAlchemyError, TimeoutError, OSError):
        return JSONResponse({"status": "failed", "latency_ms": None}, 503)
    return JSONResponse({"status": "ok", "latency_ms": latency_ms, **details})


async def _details(service: Service, session: AsyncSession) -> dict[str, Any]:
    schema = await health.schema_state(session)
    role = await health.runtime_role(session)
    return {
        "revision": schema.revision,
        "serial": schema.serial,
        "min_code_serial": schema.min_code_serial,
        "server_version": await health.server_version(session),
        "role": {
            "name": role.name,
            "superuser": role.superuser,
            "bypassrls": role.bypassrls,
            "owns_tables": role.owns_tables,
        },
        "pool": service.db.pool_use(),
    }
