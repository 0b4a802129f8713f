"""A message arrives: limits, repeats, and whether the assistant or a person answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.failures import (
    Conflict,
    Forbidden,
    GuestGone,
    IdempotencyMismatch,
    Invalid,
    NotFound,
    QuotaUsedUp,
    WithColleague,
)
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import is_owed
from hotelctl.app.services.assistant.handoff import Handoff
from hotelctl.app.services.assistant.reading import Reading, language_of, read
from hotelctl.app.services.workflow_run import WorkflowRun
from hotelctl.app.store import ai_log, conversations, hotel_facts, runs, sessions
from hotelctl.app.store.conversations import Saying
from hotelctl.app.store.direct import Asked, Asks, as_entity, within
from hotelctl.app.store.engine import Database
from hotelctl.app.store.hotel_facts import HotelFacts
from hotelctl.app.store.tables import Conversation, Message

# Longer than any answer takes: whoever repeats after that finds an attempt that died with its process.
_ABANDONED = timedelta(seconds=60)
_REMEMBERED, _SPOKEN = 5, 4
_TO_GUEST = "staff"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored message; `reply` if it was answered before, `awaits_answer` if the assistant shall now."""

    asker: Asker
    hotel: HotelFacts
    message: Message
    earlier: list[Message]
    """What was said before it, in its order, as far as it is remembered."""
    reading: Reading
    run: WorkflowRun
    """Of the answer; it stands as running where one is awaited."""
    awaits_answer: bool
    is_new: bool
    reply: Message | None = None

    @property
    def conversation_id(self) -> UUID:
        """Where it was said."""
        return self.message.conversation_id


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


async def is_there(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the guest whose conversation it is can read on; after the next scan there is another one."""
    session_id = conversation.session_id
    return session_id is not None and await sessions.lasts(session, session_id)


class Arrivals:
    """Takes messages in."""

    def __init__(self, db: Database, handoff: Handoff) -> None:
        self._db = db
        self._handoff = handoff

    async def take(self, asker: Asker, conversation_id: UUID, content: str, client_msg_id: UUID) -> Arrived:
        """The message under its number; sent again, the first one and its answer.

        Raises NotFound, Forbidden, Conflict while an earlier attempt runs, WithColleague, GuestGone,
        IdempotencyMismatch, Invalid and QuotaUsedUp.
        """
        said = _Said(asker, conversation_id, content, client_msg_id)
        return await self._at_once(said) or await self._in_turn(said)

    async def _at_once(self, said: "_Said") -> Arrived | None:
        """Looked up and stored by two messages to the database, where nothing but the message changes.

        None where more is to be done, or where the conversation moved on between the two.
        """
        asks = self._db.reading(said.asker.hotel_id)
        found = await _found(asks, said, conversations.seeing(said.conversation_id))
        reading = said.read(found)
        if found.first is not None or _moves(found.conversation, said.asker):
            return None
        taken = _taken(found, said, reading)
        if not taken.answers:
            return None
        appending = conversations.appending_as_seen(found.conversation, taken.saying)
        stored, _ = await asks.ask(appending, taken.beginning)
        return taken.arrived(stored[0]) if stored else None

    async def _in_turn(self, said: "_Said") -> Arrived:
        """The same while the conversation is held, whatever follows from it."""
        asker = said.asker
        async with self._db.transaction(asker.hotel_id) as session:
            found = await _found(within(session), said, conversations.locking(said.conversation_id))
            conversation = as_entity(session, Conversation, found.conversation)
            reading = said.read(found)
            if found.first is not None:
                return await _repeated(session, found, found.first, asker, reading)
            taken = _taken(found, said, reading)
            if taken.saying.role == _TO_GUEST and not await is_there(session, conversation):
                raise GuestGone
            begun = [taken.beginning] if taken.answers else []
            appending = conversations.appending(said.conversation_id, taken.saying)
            stored, *_ = await within(session).ask(appending, *begun)
            self._move(session, found.hotel, conversation, asker, answers=taken.answers)
        return taken.arrived(stored[0])

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
            conversation.assigned_to = asker.user_id
            return
        if _moves(conversation, asker):
            # What staff asks is the assistant's alone, whatever a former release made of it.
            conversation.status, conversation.assigned_to, conversation.resolved_at = "bot", None, None
        if not answers:
            self._handoff.pass_on(session, hotel, conversation)


def _moves(conversation: Conversation, asker: Asker) -> bool:
    """Whether more than the message changes in the conversation when the assistant answers the asker."""
    is_staffs = not asker.is_guest and (conversation.status, conversation.assigned_to) != ("bot", None)
    return conversation.status == "resolved" or is_staffs


@dataclass(frozen=True, slots=True)
class _Said:
    """Who said what, and where."""

    asker: Asker
    conversation_id: UUID
    content: str
    client_msg_id: UUID

    def read(self, found: "_Found") -> Reading:
        """The message as the assistant understands it. Raises Invalid."""
        reading = read(self.content, found.usual_language)
        if not reading.text:
            raise Invalid(("body", "content"), "holds nothing to read")
        return reading


@dataclass(frozen=True, slots=True)
class _Found:
    """What a message arrives at."""

    conversation: Conversation
    """A row that is read as one."""
    hotel: HotelFacts
    latest: list[Message]
    """The newest messages, in their order."""
    first: Message | None
    """The same message, sent before."""
    calls: int
    """Calls of models that count for this month."""

    @property
    def usual_language(self) -> str:
        """That of the guest's message before: a mere yes has none of its own."""
        return usual_language(self.latest[-_SPOKEN:], self.hotel.locale)


def usual_language(said: Sequence[Message], locale: str) -> str:
    """The language of the last of these that is a guest's; the hotel's where none is."""
    words = [message.content for message in said if message.role == "guest"]
    return language_of(words[-1], locale) if words else locale


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that is taken in, but for its place in the conversation."""

    found: _Found
    asker: Asker
    reading: Reading
    answers: bool
    """Whether the assistant does."""
    saying: Saying
    run: WorkflowRun

    @property
    def beginning(self) -> Asked:
        """The answer's run stands as running, once the message is stored."""
        return self.run.beginning(self.asker.hotel_id, self.asker.user_id)

    def arrived(self, message: Message) -> Arrived:
        """The message as it was stored, with all that its answer depends on."""
        hotel, earlier = self.found.hotel, self.found.latest[-_REMEMBERED:]
        return Arrived(self.asker, hotel, message, earlier, self.reading, self.run, self.answers, is_new=True)


def _taken(found: _Found, said: _Said, reading: Reading) -> _Taken:
    """Raises QuotaUsedUp, Forbidden and WithColleague."""
    hotel, conversation, asker = found.hotel, found.conversation, said.asker
    answers = _assistant_answers(conversation, asker, hotel, reading)
    if answers and found.calls >= hotel.ai_monthly_limit and not is_owed(reading, asker):
        raise QuotaUsedUp
    saying = _saying(conversation, asker, reading, said.client_msg_id)
    run = WorkflowRun(runs.MESSAGE, saying.message_id)
    return _Taken(found, asker, reading, answers, saying, run)


async def _found(asks: Asks, said: _Said, conversation: Asked) -> _Found:
    """Raises NotFound for a conversation that the asker may not see, of whatever hotel."""
    seen, hotels, latest, first, calls = await asks.ask(
        conversation,
        hotel_facts.facts(said.asker.hotel_id),
        conversations.newest(said.conversation_id, _REMEMBERED + 1),
        conversations.with_client_id(said.conversation_id, said.client_msg_id),
        ai_log.CALLS_THIS_MONTH,
    )
    if not seen or not hotels or not may_see(seen[0], said.asker):
        raise NotFound
    return _Found(
        seen[0],
        hotel_facts.facts_of(hotels[0]),
        latest[::-1],
        first[0] if first else None,
        calls[0].calls,
    )


async def _repeated(
    session: AsyncSession, found: _Found, first: Message, asker: Asker, reading: Reading
) -> Arrived:
    if first.content != reading.text:
        raise IdempotencyMismatch
    key = reply_key(first.id)
    replies, tries = await within(session).ask(
        conversations.with_client_id(first.conversation_id, key),
        runs.last_try(runs.MESSAGE, first.id, first.created_at),
    )
    reply = replies[0] if replies else None
    answers = reply is None and _assistant_answers(found.conversation, asker, found.hotel, reading)
    has_failed = bool(tries) and tries[0].status == "failed"
    if answers and not has_failed and datetime.now(UTC) - first.created_at < _ABANDONED:
        raise Conflict(retry_after_s=2)
    run = WorkflowRun(runs.MESSAGE, first.id)
    if answers:
        await within(session).ask(run.beginning(asker.hotel_id, asker.user_id))
    earlier = [message for message in found.latest if message.seq < first.seq]
    return Arrived(asker, found.hotel, first, earlier, reading, run, answers, is_new=False, reply=reply)


def _assistant_answers(conversation: Conversation, asker: Asker, hotel: HotelFacts, reading: Reading) -> bool:
    """A person who took over a guest's conversation pauses the assistant; it never answers staff there.

    An emergency waits for nobody: neither a colleague who may be away nor the hotel's switch holds it up.
    """
    if not asker.is_guest and conversation.channel == "guest_web":
        return False
    if Flag.EMERGENCY in reading.flags:
        return True
    return hotel.ai_enabled and (not asker.is_guest or conversation.status in {"bot", "resolved"})


def _saying(conversation: Conversation, asker: Asker, reading: Reading, client_msg_id: UUID) -> Saying:
    """The message as it is stored. Raises Forbidden for who may not speak here, and WithColleague."""
    own = asker.is_guest or conversation.channel != "guest_web"
    if not own and "conversations.reply" not in asker.permissions:
        raise Forbidden
    is_taken = conversation.status != "resolved" and conversation.assigned_to not in {None, asker.user_id}
    if not own and is_taken:
        raise WithColleague(conversation.assigned_to)
    return Saying(
        "guest" if own else _TO_GUEST,
        reading.text,
        redacted=Flag.PAYMENT_DATA in reading.flags,
        author_user_id=asker.user_id,
        client_msg_id=client_msg_id,
    )
