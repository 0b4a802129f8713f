"""The log of model calls: every figure in it was measured or counted, none is a constant."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store import conversations
from hotelctl.app.store.direct import Asked, Fixed, given, inserting, within
from hotelctl.app.store.tables import AiInteractionLog

# What the guard refused, and calls that gave nothing: whatever stood in for them is counted.
_FREE = ("blocked", "failed", "timeout")


Origin = tuple[str, bool]
"""The provider of an answer, and whether that one stood in for another."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One call of a model as it went."""

    hotel_id: UUID
    model_key: str
    provider: str
    status: str
    latency_ms: int
    provider_model: str | None = None
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    session_id: UUID | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_microusd: int | None = 0
    ttft_ms: int | None = None
    confidence: float | None = None
    guard_flags: list[str] = field(default_factory=list)
    retrieved: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    error_code: str | None = None
    request_id: str | None = None
    payload: dict[str, Any] | None = None

    @property
    def origin(self) -> Origin:
        """Where the answer comes from."""
        return self.provider, self.error_code is not None


_JSON = ("retrieved", "actions", "payload")
_COLUMNS = ("id", *Interaction.__slots__)
_WRITE = inserting(AiInteractionLog, _COLUMNS)
_WRITE_WITH_MESSAGE = inserting(AiInteractionLog, _COLUMNS, conversations.is_stored(given("message_id")))
_MONTH = func.timezone("UTC", func.date_trunc("month", func.timezone("UTC", func.now())))
_CALLS = Fixed.of(
    select(func.count().label("calls")).where(
        AiInteractionLog.created_at >= _MONTH, AiInteractionLog.status.not_in(_FREE)
    )
)
CALLS_THIS_MONTH: Asked = _CALLS, {}
"""How many calls of the transaction's hotel since the month began (UTC); refusals and failures are free."""


def writing(interaction: Interaction, *, with_message: bool = False) -> Asked:
    """The call is in the log; `with_message` only if its answer is stored by then."""
    values = {name: getattr(interaction, name) for name in Interaction.__slots__}
    json = {name: None if values[name] is None else Jsonb(values[name]) for name in _JSON}
    return _WRITE_WITH_MESSAGE if with_message else _WRITE, {"id": uuid7(), **values, **json}


async def write(session: AsyncSession, interaction: Interaction) -> None:
    """The same, in the session's transaction."""
    await within(session).ask(writing(interaction))


async def calls_this_month(session: AsyncSession) -> int:
    """The number of CALLS_THIS_MONTH."""
    ((row,),) = await within(session).ask(CALLS_THIS_MONTH)
    return int(row.calls)


async def origins(session: AsyncSession, message_ids: list[UUID]) -> dict[UUID, Origin]:
    """For each answer of the assistant where it comes from."""
    columns = AiInteractionLog.message_id, AiInteractionLog.provider, AiInteractionLog.error_code
    rows = await session.execute(select(*columns).where(AiInteractionLog.message_id.in_(message_ids)))
    return {row[0]: (row[1], row[2] is not None) for row in rows if row[0] is not None}
