"""JSON log lines on standard output: one event a line, fields fixed, no bodies, tokens or local values."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from hotelctl.app.domain.ids import is_synthetic
from hotelctl.app.identity import Identity


class Event(StrEnum):
    """Every event this service logs; those who read logs by machine rely on the words."""

    STARTING = "starting"
    LISTENING = "listening"
    READY = "ready"
    CONFIG_INVALID = "config_invalid"
    CONFIG_OUTDATED = "config_outdated"
    DEPENDENCY_UNAVAILABLE = "dependency_unavailable"
    SCHEMA_INCOMPATIBLE = "schema_incompatible"
    SCHEMA_BEHIND = "schema_behind"
    DRAINING = "draining"
    SHUTDOWN_COMPLETE = "shutdown_complete"
    ACCESS = "access"
    REQUEST_FAILED = "request_failed"
    LIMITER_FAILED = "limiter_failed"
    MIGRATED = "migrated"
    MIGRATION_FAILED = "migration_failed"
    MAIL_SENT = "mail_sent"
    MAIL_FAILED = "mail_failed"
    LIBRARY = "library"
    CRASHED = "crashed"
    KEYRING_CHANGED = "keyring_changed"
    KEYRING_UNUSABLE = "keyring_unusable"
    JOB_DONE = "job_done"
    JOB_FAILED = "job_failed"


@dataclass
class RequestRecord:
    """What one request gathers on its way for its access line."""

    request_id: str
    client_ip: str
    user_agent: str | None = None
    db_ms: float = 0.0
    db_n: int = 0
    hotel_id: str | None = None
    subject_kind: str | None = None
    err_code: str | None = None
    limited_by: str | None = None
    uncounted_in: str | None = None
    owed: Callable[[], Awaitable[None]] | None = None
    """What is left to be done when the answer is out."""

    @property
    def synthetic(self) -> bool:
        """Whether it is known to be about a hotel of probes."""
        return self.hotel_id is not None and is_synthetic(UUID(self.hotel_id))

    @cached_property
    def nonce(self) -> str:
        """What lets inline parts of the page work that is being made; few answers are pages."""
        return token_urlsafe(16)


current_request: ContextVar[RequestRecord | None] = ContextVar("current_request", default=None)


def note_hotel(hotel_id: UUID, subject_kind: str | None = None) -> None:
    """The request under way is about this hotel, and comes from such a person as soon as that is known."""
    record = current_request.get()
    if record is not None:
        record.hotel_id, record.subject_kind = str(hotel_id), subject_kind or record.subject_kind


def frames(error: BaseException) -> dict[str, Any]:
    """Type and places of an error; neither its message nor any value, which may be private."""
    places = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return {"type": type(error).__name__, "frames": places}


def _describe_error(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    error = line.pop("exc_info", None)
    if isinstance(error, BaseException):
        line["exception"] = frames(error)
    return line


def _name_request(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    record = current_request.get()
    if record is not None:
        line.setdefault("request_id", record.request_id)
    return line


class _LibraryLines(logging.Handler):
    """Turns what libraries log into the same JSON lines.

    Only the first line of a message: what some add to it are values, as asyncio does with a task that failed.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        msg = record.getMessage().partition("\n")[0]
        log().log(record.levelno, Event.LIBRARY, msg=msg, logger=record.name, exc_info=error)


def configure(identity: Identity) -> None:
    """Every line from here on is JSON with time, level, event, instance and version."""
    fixed = {"instance_id": identity.instance_id, "version": identity.version}

    def name_instance(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {**fixed, **line}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            name_instance,
            _name_request,
            _describe_error,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_LibraryLines()])


def log() -> FilteringBoundLogger:
    """The service's logger."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
