"""A message arrives: limits, repeats, and whether the assistant or a person answers it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.failures import (
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    NotFound,
    QuotaUsedUp,
)
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.handoff import Handoff
from hotelctl.app.services.assistant.reading import Reading, read
from hotelctl.app.services.workflow_run import WorkflowRun
from hotelctl.app.store import ai_log, conversations, runs
from hotelctl.app.store.conversations import Saying
from hotelctl.app.store.engine import Database
from hotelctl.app.store.hotel_facts import HotelFacts, read_facts
from hotelctl.app.store.tables import Conversation, Message

# Longer than any answer takes: whoever repeats after that finds an attempt that died with its process.
_ABANDONED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored message; `reply` if it was answered before, `awaits_answer` if the assistant shall now."""

    asker: Asker
    hotel: HotelFacts
    conversation_id: UUID
    message: Message
    reading: Reading
    run: WorkflowRun
    """Of the answer; it stands as running where one is awaited."""
    awaits_answer: bool
    is_new: bool
    reply: Message | None = None


def reply_key(message_id: UUID) -> UUID:
    """What the answer to a message is stored under, so that there is never a second one."""
    return uuid5(message_id, "reply")


def may_see(conversation: Conversation | None, asker: Asker) -> bool:
    """A guest sees what the own session opened; staff sees guests' conversations and the own ones."""
    if conversation is None:
        return False
    if asker.is_guest:
        return conversation.session_id == asker.session_id
    return conversation.channel == "guest_web" or conversation.user_id == asker.user_id


async def visible(
    session: AsyncSession, conversation_id: UUID, asker: Asker, *, lock: bool = False
) -> Conversation:
    """The conversation, if the asker may see it.

    Raises NotFound for every other one, of whatever hotel.
    """
    conversation = await conversations.find(session, conversation_id, lock=lock)
    if conversation is None or not may_see(conversation, asker):
        raise NotFound
    return conversation


class Arrivals:
    """Takes messages in."""

    def __init__(self, db: Database, handoff: Handoff) -> None:
        self._db = db
        self._handoff = handoff

    async def take(self, asker: Asker, conversation_id: UUID, content: str, client_msg_id: UUID) -> Arrived:
        """The message under its number; sent again, the first one and its answer.

        Raises NotFound, Forbidden, Conflict while the first attempt runs, IdempotencyMismatch, Invalid and
        QuotaUsedUp.
        """
        async with self._db.transaction(asker.hotel_id) as session:
            conversation = await visible(session, conversation_id, asker, lock=True)
            hotel = await read_facts(session)
            reading = read(content, await _usual_language(session, conversation, hotel))
            if not reading.text:
                raise Invalid(("body", "content"), "holds nothing to read")
            first = await conversations.by_client_id(session, conversation_id, client_msg_id)
            if first is not None:
                return await _repeated(session, first, asker, hotel, reading)
            answers = _assistant_answers(conversation, asker, hotel, reading)
            if answers and Flag.EMERGENCY not in reading.flags:
                await _spend(session, hotel)
            message = await _store(session, conversation, asker, reading, client_msg_id)
            self._move(session, hotel, conversation, asker, answers=answers)
            run = _begun(session, message, asker, answers=answers)
        return Arrived(asker, hotel, conversation_id, message, reading, run, answers, is_new=True)

    def _move(
        self,
        session: AsyncSession,
        hotel: HotelFacts,
        conversation: Conversation,
        asker: Asker,
        *,
        answers: bool,
    ) -> None:
        """The conversation's status follows from who spoke."""
        if not asker.is_guest and conversation.channel == "guest_web":
            conversation.status, conversation.unread_staff = "waiting_guest", 0
            conversation.assigned_to = conversation.assigned_to or asker.user_id
            return
        if conversation.status == "resolved":
            conversation.status, conversation.assigned_to, conversation.resolved_at = "bot", None, None
        if not answers:
            self._handoff.pass_on(session, hotel, conversation)


async def _usual_language(session: AsyncSession, conversation: Conversation, hotel: HotelFacts) -> str:
    """That of the guest's message before: a mere yes has none of its own."""
    earlier = [m for m in await conversations.latest(session, conversation.id, 4) if m.role == "guest"]
    return read(earlier[-1].content, hotel.locale).language if earlier else hotel.locale


async def _repeated(
    session: AsyncSession, first: Message, asker: Asker, hotel: HotelFacts, reading: Reading
) -> Arrived:
    if first.content != reading.text:
        raise IdempotencyMismatch
    reply = await conversations.by_client_id(session, first.conversation_id, reply_key(first.id))
    conversation = await conversations.find(session, first.conversation_id)
    answers = (
        reply is None and conversation is not None and _assistant_answers(conversation, asker, hotel, reading)
    )
    if answers and datetime.now(UTC) - first.created_at < _ABANDONED:
        raise Conflict(retry_after_s=2)
    run = _begun(session, first, asker, answers=answers)
    return Arrived(
        asker, hotel, first.conversation_id, first, reading, run, answers, is_new=False, reply=reply
    )


def _begun(session: AsyncSession, message: Message, asker: Asker, *, answers: bool) -> WorkflowRun:
    """The run of the answer to the message, if the assistant gives one."""
    run = WorkflowRun(runs.MESSAGE, message.id)
    if answers:
        run.begin(session, asker.user_id)
    return run


def _assistant_answers(conversation: Conversation, asker: Asker, hotel: HotelFacts, reading: Reading) -> bool:
    """A person who took over pauses the assistant; in guests' conversations it never answers staff.

    An emergency waits for nobody: neither a colleague who may be away nor the hotel's switch holds it up.
    """
    if not asker.is_guest and conversation.channel == "guest_web":
        return False
    if Flag.EMERGENCY in reading.flags:
        return True
    return hotel.ai_enabled and conversation.status in {"bot", "resolved"}


async def _spend(session: AsyncSession, hotel: HotelFacts) -> None:
    if await ai_log.calls_this_month(session) >= hotel.ai_monthly_limit:
        raise QuotaUsedUp


async def _store(
    session: AsyncSession, conversation: Conversation, asker: Asker, reading: Reading, client_msg_id: UUID
) -> Message:
    own = asker.is_guest or conversation.channel != "guest_web"
    if not own and "conversations.reply" not in asker.permissions:
        raise Forbidden
    saying = Saying(
        "guest" if own else "staff",
        reading.text,
        redacted=Flag.PAYMENT_DATA in reading.flags,
        author_user_id=asker.user_id,
        client_msg_id=client_msg_id,
    )
    return await conversations.append(session, conversation.id, saying)
