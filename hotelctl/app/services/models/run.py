"""One run of a model by hand: its runner, its time limit, its line in the log."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.registry import MODELS, Model, ModelStatus
from hotelctl.app.domain.failures import Failure, Forbidden, NotConfigured, NotFound, QuotaUsedUp, TimedOut
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import current_request
from hotelctl.app.services.assistant.asker import GUEST_AUDIENCE, STAFF_AUDIENCE, Asker
from hotelctl.app.services.assistant.local import LOCAL_MODEL
from hotelctl.app.services.metrics import Metrics
from hotelctl.app.services.models import desk, maintenance, rounds, talk
from hotelctl.app.services.models.asked import INSUFFICIENT, Asked
from hotelctl.app.store import ai_log
from hotelctl.app.store.ai_log import Interaction
from hotelctl.app.store.engine import Database
from hotelctl.app.store.hotel_facts import HotelFacts, read_facts

Result = dict[str, Any]
Status = Literal["ok", "insufficient_data"]
RULES_MODEL = "local-rules-1"
_ERROR_CODES = {"timeout": "timeout", "failed": "internal"}


@dataclass(frozen=True, slots=True)
class Ran:
    """How it went; `insufficient_data` is a true answer, too."""

    status: Status
    result: Result
    latency_ms: int


Runner = Callable[[Asked], Awaitable[Result]]
RUNNERS: dict[str, Runner] = {
    "guest_messaging": talk.as_guest,
    "staff_messaging": talk.as_staff,
    "task_routing": desk.route,
    "housekeeping_order": rounds.order,
    "recurring_faults": maintenance.recurring,
    "night_audit": desk.night_audit,
    "demand_forecast": desk.forecast,
    "offers": talk.offers,
}


async def statuses(db: Database, hotel_id: UUID) -> list[tuple[Model, ModelStatus]]:
    """Every model with what this hotel may expect of it."""
    async with db.transaction(hotel_id) as session:
        hotel = await read_facts(session)
    return [(model, model.status(hotel.switches)) for model in MODELS.values()]


class Run:
    """One run: made in a transaction of the hotel, which `attempt` is around.

    async with run.attempt(), db.transaction(asker.hotel_id) as session:
        ran = await run.make(session, question, kind)
    """

    def __init__(self, db: Database, metrics: Metrics, asker: Asker, key: str) -> None:
        """Raises NotFound and Forbidden."""
        model = MODELS.get(key)
        if model is None:
            raise NotFound
        if model.required_permission not in asker.permissions:
            raise Forbidden
        self._db, self._metrics, self._asker, self._model = db, metrics, asker, model
        self._began_s: float | None = None
        self._line: Interaction | None = None

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """The time that it has; how it ended is in the log and in the figures, where it began at all.

        Raises TimedOut.
        """
        try:
            async with asyncio.timeout(self._model.timeout_s):
                yield
        except TimeoutError:
            await self._note_end("timeout")
            raise TimedOut from None
        except Failure:
            raise
        except Exception:
            # Without the database there is no line either; the request's own says so.
            with suppress(SQLAlchemyError):
                await self._note_end("failed")
            raise
        if self._line is not None:
            self._metrics.ran(self._line)

    async def make(self, session: AsyncSession, question: str | None, kind: str | None) -> Ran:
        """The model's answer from what the hotel's tables hold, with its line in the log.

        Raises NotConfigured, QuotaUsedUp, and Invalid for missing input.
        """
        self._began_s = time.perf_counter()
        hotel = await read_facts(session)
        runner = await _runner_for(session, self._model, hotel)
        asked = Asked(session, self._asker, hotel, datetime.now(UTC), question, kind)
        result = await runner(asked)
        self._line = self._ended("success", self._began_s)
        await ai_log.write(session, self._line)
        status: Status = "insufficient_data" if INSUFFICIENT in result else "ok"
        return Ran(status, result, self._line.latency_ms)

    async def _note_end(self, status: str) -> None:
        if self._began_s is None:
            return
        line = self._ended(status, self._began_s)
        async with self._db.transaction(line.hotel_id) as session:
            await ai_log.write(session, line)
        self._metrics.ran(line)

    def _ended(self, status: str, began_s: float) -> Interaction:
        return _line(self._model, self._asker, status, round((time.perf_counter() - began_s) * 1000))


async def _runner_for(session: AsyncSession, model: Model, hotel: HotelFacts) -> Runner:
    """Raises NotConfigured, or QuotaUsedUp where the month's calls are."""
    if model.runner is None or model.status(hotel.switches) is not ModelStatus.AVAILABLE:
        raise NotConfigured
    if await ai_log.calls_this_month(session) >= hotel.ai_monthly_limit:
        raise QuotaUsedUp
    return RUNNERS[model.runner]


async def try_out(
    db: Database, who: Principal, question: str, audience: Literal["guest", "staff"]
) -> talk.Preview:
    """What the question would lead to, for who writes the entries; no call is counted."""
    asker = Asker.of(who)
    async with db.transaction(who.hotel_id) as session:
        asked = Asked(session, asker, await read_facts(session), datetime.now(UTC), question)
        if audience == "guest":
            return await talk.preview(asked, talk.a_guest(asked), GUEST_AUDIENCE)
        return await talk.preview(asked, asker, STAFF_AUDIENCE)


def _line(model: Model, asker: Asker, status: str, latency_ms: int) -> Interaction:
    record = current_request.get()
    return Interaction(
        hotel_id=asker.hotel_id,
        model_key=model.key,
        provider="local",
        provider_model=LOCAL_MODEL if "messaging" in (model.runner or "") else RULES_MODEL,
        status=status,
        session_id=asker.session_id,
        latency_ms=latency_ms,
        error_code=_ERROR_CODES.get(status),
        request_id=record.request_id if record else None,
    )
