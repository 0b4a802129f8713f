"""Errors as RFC 9457 problems: a fixed text for each code, never the words of an exception."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from hotelctl.app.domain.assistant.language import ENGLISH
from hotelctl.app.domain.failures import (
    Conflict,
    Failure,
    Forbidden,
    Gone,
    Invalid,
    Locked,
    NotConfigured,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    QuotaUsedUp,
    RateLimited,
    TimedOut,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.logs import Event, current_request, log

Handler = Callable[[Request, Exception], Awaitable[Response]]
_READ_ONLY, _DAMAGED = "25006", "XX"
# A name that programs know a problem by; nobody has to be able to open it.
_TYPE = "https://docs/errors/"
_OWN_CODES = (
    *(Unauthenticated, QuotaUsedUp, Forbidden, NotFound, Conflict, Gone, PreconditionFailed, TooLarge),
    *(Invalid, Locked, PreconditionRequired, RateLimited, NotConfigured, Unavailable, TimedOut),
)
_CODES = {
    400: "bad_request",
    405: "method_not_allowed",
    421: "misdirected",
    **{failure.status: failure.code for failure in _OWN_CODES},
}


def problem(
    status: int,
    *,
    code: str | None = None,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
    errors: list[dict[str, Any]] | None = None,
) -> JSONResponse:
    """The problem answer of a status, or of one of its codes; the code also goes to the access line."""
    unknown = "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad_request"
    code = code or _CODES.get(status, unknown)
    record = current_request.get()
    if record is not None:
        record.err_code = code
    body: dict[str, Any] = {
        "type": _TYPE + code,
        "title": HTTPStatus(status).phrase.capitalize(),
        "status": status,
        "code": code,
        "detail": detail or texts_in(ENGLISH).known(f"problem.{code}", HTTPStatus(status).description),
        "request_id": record.request_id if record else None,
    }
    if errors is not None:
        body["errors"] = errors
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Every error that a route or the router raises is answered as a problem."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def _on_failure(_: Request, error: Exception) -> JSONResponse:
    return _answer(await _owed() or (error if isinstance(error, Failure) else Failure()))


async def _owed() -> RateLimited | None:
    """The refusal of a read that was to count with what it asks, and asked nothing before it failed."""
    record = current_request.get()
    if record is not None and record.owed is not None:
        try:
            await record.owed()
        except RateLimited as refusal:
            return refusal
    return None


def _answer(failure: Failure) -> JSONResponse:
    headers = dict(failure.headers)
    if failure.retry_after_s is not None:
        headers["Retry-After"] = str(failure.retry_after_s)
    if failure.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        failure.status, code=failure.code, detail=failure.detail, headers=headers, errors=failure.errors
    )


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return problem(500)
    return problem(error.status_code, headers=dict(error.headers or {}))


async def _on_validation(_: Request, error: Exception) -> JSONResponse:
    """What stands in a path names a thing: if it cannot be a name, there is no such thing."""
    if refusal := await _owed():
        return _answer(refusal)
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(item["loc"][0] == "path" for item in found):
        return _answer(NotFound())
    errors = [{"loc": [str(part) for part in item["loc"]], "msg": item["msg"]} for item in found]
    return problem(422, errors=errors)


async def _on_outage(_: Request, error: Exception) -> JSONResponse:
    log().warning(Event.REQUEST_FAILED, msg="database did not answer", exc_info=error)
    return problem(Unavailable.status, headers={"Retry-After": "2"})


async def _on_internal(request: Request, error: Exception) -> JSONResponse:
    """A database that takes no changes or is damaged is an outage; what else it calls internal is our bug."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    if state == _READ_ONLY or state.startswith(_DAMAGED):
        return await _on_outage(request, error)
    raise error


HANDLERS: dict[type[Exception], Handler] = {
    Failure: _on_failure,
    HTTPException: _on_http,
    RequestValidationError: _on_validation,
    OperationalError: _on_outage,
    InterfaceError: _on_outage,
    InternalError: _on_internal,
    PoolTimeoutError: _on_outage,
}
