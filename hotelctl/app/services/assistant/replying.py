"""The assistant's reply to one message, from the look-up to the stored answer and its line in the log."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.phrases import Say, say, topic_title
from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.assistant.registry import GUEST_MESSAGING, STAFF_MESSAGING
from hotelctl.app.domain.failures import Failure
from hotelctl.app.logs import current_request
from hotelctl.app.services.assistant import actions
from hotelctl.app.services.assistant.actions import Item
from hotelctl.app.services.assistant.answer import Answer, FailedCall, Watch
from hotelctl.app.services.assistant.arrival import Arrived, reply_key
from hotelctl.app.services.assistant.decision import Decision, Situation, decide
from hotelctl.app.services.assistant.handoff import Handoff
from hotelctl.app.services.assistant.lookups import is_look_up, look_up
from hotelctl.app.services.assistant.provider import Delta, Turn
from hotelctl.app.services.assistant.pseudonyms import Pseudonyms
from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.assistant.wording import Question, Worded, Wording
from hotelctl.app.services.metrics import Metrics
from hotelctl.app.store import ai_log, conversations
from hotelctl.app.store.ai_log import Interaction, Origin
from hotelctl.app.store.conversations import Saying
from hotelctl.app.store.direct import as_entity, within
from hotelctl.app.store.engine import Database
from hotelctl.app.store.tables import Conversation, Message


@dataclass(frozen=True, slots=True)
class Reply:
    """A stored answer; its origin is known as long as it was just made, and stands in the log after that."""

    message: Message
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class House:
    """Who else has a part in a reply: models that word it, people that it is passed on to."""

    providers: Providers
    pseudonyms: Pseudonyms
    handoff: Handoff


class Replies:
    """Replies to messages; made once per process. No database session is held while a provider speaks."""

    def __init__(self, db: Database, house: House, public_url: str, metrics: Metrics) -> None:
        self._db = db
        self._metrics = metrics
        self._house = house
        self._wording = Wording(house.providers, house.pseudonyms, public_url)

    async def reply(self, arrived: Arrived, watch: Watch) -> Reply | None:
        """The reply as it was stored; None when a person took the conversation over meanwhile."""
        course = _Course()
        try:
            return await self._reply(arrived, watch, course)
        except Exception as error:
            # Without the database the run stays as it is, until the sweep takes it for crashed.
            with suppress(SQLAlchemyError):
                await self._note_death(arrived, course, error)
            raise

    async def _note_death(self, arrived: Arrived, course: "_Course", error: Exception) -> None:
        """A reply that never came is a run and a call that failed; what was asked for it meanwhile counts."""
        calls = course.worded.answer.failures if course.worded else []
        lines = [_failure(arrived, self._house, call) for call in calls]
        lines.append(_death(arrived, self._house, course, error))
        async with self._db.transaction(arrived.asker.hotel_id) as session:
            await arrived.run.end(session, "failed")
        async with self._db.transaction(arrived.asker.hotel_id) as session:
            for line in lines:
                await ai_log.write(session, line)
        for line in lines:
            self._metrics.ran(line)

    async def _reply(self, arrived: Arrived, watch: Watch, course: "_Course") -> Reply | None:
        run = arrived.run
        with run.step("decide"):
            decision, question, pending = await self._decide(arrived)
        with run.step("answer") as answering:
            worded = await self._wording.word(decision, question, course.began_s, watch)
            course.worded, answering.error = worded, worded.answer.error_code
        storing = _Storing(arrived, worded, pending, self._house, course.began_s)
        reply = await storing.at_once(self._db)
        if reply is None:
            async with self._db.transaction(arrived.asker.hotel_id) as session:
                with run.step("store") as stored:
                    reply = await storing.store(session, watch)
                    stored.error = None if reply else "taken_over"
                await run.end(session, run.outcome)
        for call in storing.failed:
            self._metrics.ran(call)
        if reply is None or storing.logged is None:
            return None if reply is None else Reply(reply)
        self._metrics.ran(storing.logged)
        return Reply(reply, storing.logged.origin)

    async def _decide(self, arrived: Arrived) -> tuple[Decision, Question, Message | None]:
        asker, reading, earlier = arrived.asker, arrived.reading, arrived.earlier
        proposals = [message for message in earlier[-1:] if actions.has_pending(message)]
        asks = self._db.reading(asker.hotel_id)

        async def find(question: str) -> Sequence[Hit]:
            return await find_entries(asks, question, asker.audience, reading.language)

        situation = Situation(asker, arrived.hotel.emergency_phone, bool(proposals))
        decision = None
        if is_look_up(reading, asker):
            async with self._db.transaction(asker.hotel_id) as session:
                decision = await look_up(session, reading, asker)
        decision = decision or await decide(reading, situation, find)
        question = Question(asker, arrived.hotel, reading, _turns(earlier))
        return decision, question, proposals[0] if proposals else None


def _turns(messages: list[Message]) -> list[Turn]:
    spoken = [message for message in messages if message.role in {"guest", "assistant"}]
    return [Turn("guest" if message.role == "guest" else "assistant", message.content) for message in spoken]


@dataclass(slots=True)
class _Course:
    """How far a reply has come."""

    began_s: float = field(default_factory=time.perf_counter)
    worded: Worded | None = None


class _Storing:
    """The last step: actions, message, status and log in one transaction."""

    def __init__(
        self,
        arrived: Arrived,
        worded: Worded,
        pending: Message | None,
        house: House,
        began_s: float,
    ) -> None:
        self._arrived = arrived
        self._worded = worded
        self._pending = pending
        self._house = house
        self._began_s = began_s
        self.logged: Interaction | None = None
        self.failed = [_failure(arrived, house, call) for call in worded.answer.failures]
        """Calls that gave no answer, each with a line of its own."""

    async def at_once(self, db: Database) -> Message | None:
        """The reply, stored with all that tells of it by one message to the database.

        None, and nothing stored, where more is to be done or the conversation is another's by now.
        """
        arrived, decision = self._arrived, self._worded.decision
        if decision.settles or decision.now or decision.hands_over or self.failed:
            return None
        with arrived.run.step("store") as step:
            saying = self._saying(self._proposals())
            logged = self._interaction(saying)
            _, stored, _, _ = await db.reading(arrived.asker.hotel_id).ask(
                conversations.locking(arrived.conversation_id),
                conversations.appending_reply(arrived.conversation_id, saying),
                ai_log.writing(logged, with_message=True),
                arrived.run.ending_with(saying.message_id, step),
            )
        if not stored:
            return None
        self.logged = logged
        message: Message = stored[0]
        return message

    async def store(self, session: AsyncSession, watch: Watch) -> Message | None:
        """The reply, stored now or before."""
        arrived = self._arrived
        seen, known = await within(session).ask(
            conversations.locking(arrived.conversation_id),
            conversations.with_client_id(arrived.conversation_id, reply_key(arrived.message.id)),
        )
        for call in self.failed:
            await ai_log.write(session, call)
        if known:
            stored: Message = known[0]
            return stored
        taken_over = bool(seen) and seen[0].status not in {"bot", "resolved"}
        if not seen or (taken_over and not self._worded.decision.now):
            return None
        return await self._append(session, as_entity(session, Conversation, seen[0]), watch)

    async def _append(self, session: AsyncSession, conversation: Conversation, watch: Watch) -> Message:
        saying = self._saying(await self._act(session, conversation, watch))
        decision = self._worded.decision
        if decision.hands_over:
            hotel = self._arrived.hotel
            self._house.handoff.pass_on(session, hotel, conversation, emergency=bool(decision.now))
        self.logged = self._interaction(saying)
        stored, _ = await within(session).ask(
            conversations.appending(conversation.id, saying), ai_log.writing(self.logged)
        )
        message: Message = stored[0]
        return message

    def _saying(self, items: list[Item]) -> Saying:
        answer = self._worded.answer
        return Saying(
            "assistant",
            answer.text,
            client_msg_id=reply_key(self._arrived.message.id),
            model=answer.model,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            latency_ms=round((time.perf_counter() - self._began_s) * 1000),
            citations=[{"entry_id": str(hit.entry_id), "title": hit.title} for hit in answer.cited],
            actions=items,
        )

    async def _act(self, session: AsyncSession, conversation: Conversation, watch: Watch) -> list[Item]:
        decision, asker = self._worded.decision, self._arrived.asker
        details = self._arrived.message.content
        if decision.settles is not None and self._pending is not None:
            return await self._settle(session, conversation, watch)
        now = [
            await actions.carry_out(session, actions.propose(wish, details), asker, conversation)
            for wish in decision.now
        ]
        return [*now, *self._proposals()]

    def _proposals(self) -> list[Item]:
        decision, details = self._worded.decision, self._arrived.message.content
        return [actions.propose(wish, details, decision.room_label) for wish in decision.proposals]

    async def _settle(self, session: AsyncSession, conversation: Conversation, watch: Watch) -> list[Item]:
        decision, pending = self._worded.decision.settles, self._pending
        if decision is None or pending is None:
            return []
        fresh = await session.get_one(Message, pending.id, populate_existing=True)
        before = actions.items_of(fresh)
        after = await actions.settle(session, before, decision, self._arrived.asker, conversation)
        await conversations.set_actions(session, pending.id, after)
        changed = [new for old, new in zip(before, after, strict=True) if old != new]
        text = outcome_text(changed, self._arrived.reading.language)
        self._worded.answer.text += text
        watch(Delta(text))
        return changed

    def _interaction(self, saying: Saying) -> Interaction:
        arrived, answer = self._arrived, self._worded.answer
        record = current_request.get()
        hits = answer.cited or self._worded.decision.entries
        return Interaction(
            hotel_id=arrived.asker.hotel_id,
            model_key=GUEST_MESSAGING if arrived.asker.is_guest else STAFF_MESSAGING,
            provider=answer.provider,
            provider_model=answer.model,
            status=self._worded.decision.outcome,
            conversation_id=arrived.conversation_id,
            message_id=saying.message_id,
            session_id=arrived.asker.session_id,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost_microusd=_cost_of(self._house, answer),
            latency_ms=saying.latency_ms or 0,
            ttft_ms=answer.ttft_ms,
            confidence=min(1.0, answer.cited[0].coverage) if answer.cited else None,
            guard_flags=sorted(arrived.reading.flags),
            retrieved=[{"id": str(hit.entry_id), "score": round(hit.score, 4)} for hit in hits],
            actions=[
                {name: item[name] for name in ("id", "kind", "topic", "status")} for item in saying.actions
            ],
            error_code=answer.error_code,
            request_id=record.request_id if record else None,
            payload={"question": arrived.message.content, "answer": answer.text},
        )


def _without_answer(arrived: Arrived, **more: Any) -> Interaction:  # noqa: ANN401 - the line's own fields
    """The line of a call that gave no answer; what was asked is in the line of the one that did."""
    record = current_request.get()
    return Interaction(
        hotel_id=arrived.asker.hotel_id,
        model_key=GUEST_MESSAGING if arrived.asker.is_guest else STAFF_MESSAGING,
        conversation_id=arrived.conversation_id,
        session_id=arrived.asker.session_id,
        request_id=record.request_id if record else None,
        **more,
    )


def _failure(arrived: Arrived, house: House, call: FailedCall) -> Interaction:
    """A model was asked and gave no answer."""
    return _without_answer(
        arrived,
        provider=call.provider,
        provider_model=call.model,
        status="timeout" if call.error.timed_out else "failed",
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        cost_microusd=_cost_of_failed(house, call),
        latency_ms=call.latency_ms,
        error_code=call.error.code,
    )


def _cost_of(house: House, answer: Answer) -> int | None:
    """What it cost; None of a model elsewhere that did not tell its tokens: it was not for nothing."""
    if answer.provider != "local" and not (answer.tokens_in or answer.tokens_out):
        return None
    return house.providers.cost_microusd(answer.tokens_in, answer.tokens_out)


def _cost_of_failed(house: House, call: FailedCall) -> int | None:
    """What it cost; None for one that was given up before it told: it may be charged all the same."""
    if call.error.timed_out and not (call.tokens_in or call.tokens_out):
        return None
    return house.providers.cost_microusd(call.tokens_in, call.tokens_out)


def _death(arrived: Arrived, house: House, course: _Course, error: Exception) -> Interaction:
    """The service itself broke off, before or after a model had answered."""
    answer = course.worded.answer if course.worded else Answer()
    return _without_answer(
        arrived,
        provider=answer.provider,
        provider_model=answer.model,
        status="failed",
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        cost_microusd=_cost_of(house, answer),
        latency_ms=round((time.perf_counter() - course.began_s) * 1000),
        error_code=error.code if isinstance(error, Failure) else Failure.code,
    )


def outcome_text(items: list[Item], language: str) -> str:
    """What a guest reads after a yes or no."""
    if not items:
        return say(Say.NOTHING_PENDING, language)
    if all(item["status"] == "cancelled" for item in items):
        return say(Say.CANCELLED, language)
    sentences = []
    for status, sentence in (("done", Say.DONE), ("attached", Say.ALREADY_OPEN)):
        titles = [topic_title(i["topic"], language, i["title"]) for i in items if i["status"] == status]
        if titles:
            sentences.append(say(sentence, language, titles=", ".join(titles)))
    return " ".join(sentences)
