"""What conversations and messages look like to their readers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from hotelctl.app.api.paging import PageOut
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.store.ai_log import Origin
from hotelctl.app.store.tables import Conversation, Message

Status = Literal["bot", "human", "waiting_guest", "resolved"]
ActionState = Literal["needs_confirmation", "done", "attached", "cancelled"]
_LOCAL = "local"


def _storable(text: str) -> str:
    # JSON can spell half a character and a zero byte; the database takes neither.
    if "\x00" in text:
        raise ValueError("holds a zero byte")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is no valid text") from None
    return text


Text = Annotated[str, AfterValidator(_storable)]


class Strict(BaseModel):
    """A body that holds what is named and nothing else."""

    model_config = ConfigDict(extra="forbid")


class OpenIn(Strict):
    """What a new conversation is about, if that is known."""

    subject: Annotated[Text, Field(min_length=1, max_length=200)] | None = None


class MessageIn(Strict):
    """A message; the client's own id makes it safe to send again."""

    content: Annotated[Text, Field(min_length=1, max_length=MAX_QUESTION)]
    client_msg_id: UUID


class RateIn(Strict):
    """One to five stars."""

    rating: Annotated[StrictInt, Field(ge=1, le=5)]


class DecisionIn(Strict):
    """The guest's answer to a proposal."""

    decision: Literal["confirm", "cancel"]


class CitationOut(BaseModel):
    """The entry that an answer rests on."""

    entry_id: UUID
    title: str


class ActionOut(BaseModel):
    """A proposal or what became of it; `id` is that of the ticket or work order once it is made.

    `ticket_id` names the ticket that there is, also where it was open before.
    """

    kind: Literal["work_order", "ticket"]
    id: UUID
    status: ActionState
    title: str
    number: int | None = None
    ticket_id: UUID | None = None


class MessageOut(BaseModel):
    """One message of a conversation."""

    id: UUID
    seq: int
    role: Literal["guest", "staff", "assistant", "system"]
    content: str
    created_at: datetime
    citations: list[CitationOut]
    actions: list[ActionOut]


class ReplyOut(MessageOut):
    """The assistant's answer; `degraded` says that it stands in for a provider that did not answer."""

    action: ActionOut | None
    model: str
    provider: Literal["local", "openai"]
    degraded: bool
    latency_ms: int


class ExchangeOut(BaseModel):
    """A message and its answer; none when a person answers."""

    message: MessageOut
    reply: ReplyOut | None


class MessagesOut(PageOut[MessageOut]):
    """Messages in their order; `last_seq` is what to ask `after` next."""

    last_seq: int


class ConversationOut(BaseModel):
    """One conversation."""

    id: UUID
    channel: Literal["guest_web", "staff_web", "api"]
    status: Status
    subject: str | None
    room_label: str | None
    assigned_to: UUID | None
    unread_staff: int
    last_seq: int
    rating: int | None
    created_at: datetime
    last_message_at: datetime | None
    handed_off_at: datetime | None
    resolved_at: datetime | None


def conversation_out(row: Conversation) -> ConversationOut:
    """The conversation for who may see it."""
    return ConversationOut.model_validate(row, from_attributes=True)


def _action(item: Mapping[str, Any]) -> ActionOut:
    is_ticket = item["kind"] == "ticket" and item["status"] in {"done", "attached"}
    return ActionOut(
        kind=item["kind"],
        id=item.get("target_id", item["id"]),
        status=item["status"],
        title=item["title"],
        number=item.get("number"),
        ticket_id=item["target_id"] if is_ticket else None,
    )


def action_out(item: Mapping[str, Any]) -> ActionOut:
    """The action for who was asked."""
    return _action(item)


def _fields(row: Message) -> dict[str, Any]:
    items: Iterable[Mapping[str, Any]] = row.action["items"] if row.action else ()
    return {
        "id": row.id,
        "seq": row.seq,
        "role": row.role,
        "content": row.content,
        "created_at": row.created_at,
        "citations": [CitationOut.model_validate(cited) for cited in row.citations],
        "actions": [_action(item) for item in items],
    }


def message_out(row: Message) -> MessageOut:
    """The message for who may see it."""
    return MessageOut(**_fields(row))


def reply_out(row: Message, origin: Origin | None) -> ReplyOut:
    """The answer with its origin: provider, and whether that stood in for another."""
    fields = _fields(row)
    provider, degraded = origin or (_LOCAL, False)
    return ReplyOut(
        **fields,
        action=fields["actions"][0] if fields["actions"] else None,
        model=row.model or "",
        provider="openai" if provider == "openai" else "local",
        degraded=degraded,
        latency_ms=row.latency_ms or 0,
    )
