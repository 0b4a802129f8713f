"""Conversations as people handle them: opened, taken over, given back, resolved, rated."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.language import known_language
from hotelctl.app.domain.failures import Conflict, NotFound
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.assistant import actions
from hotelctl.app.services.assistant.arrival import usual_language, visible
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.replying import outcome_text
from hotelctl.app.store import conversations, qr_tokens
from hotelctl.app.store.audit import Change, Thing, note
from hotelctl.app.store.conversations import Saying
from hotelctl.app.store.hotel_facts import read_facts
from hotelctl.app.store.tables import Conversation, Message

_SPOKEN = 4
_NOT_TAKEN = ("bot", "human", "waiting_guest")


async def open_conversation(
    session: AsyncSession, asker: Asker, subject: str | None
) -> tuple[Conversation, bool]:
    """The conversation, and whether it is new: a guest has one at a time and gets it again."""
    if asker.is_guest:
        known = await conversations.open_one_of(session, asker.session_id)
        if known is not None:
            return known, False
    # Copied, because the code goes before the conversation may have to.
    code = await qr_tokens.of_session(session, asker.session_id) if asker.is_guest else None
    conversation = Conversation(
        id=uuid7(),
        hotel_id=asker.hotel_id,
        session_id=asker.session_id if asker.is_guest else None,
        user_id=asker.user_id,
        room_label=asker.room_label,
        guest_name=code.guest_name if code else None,
        stay_ends_at=code.stay_ends_at if code else None,
        channel="guest_web" if asker.is_guest else "staff_web",
        subject=subject,
    )
    session.add(conversation)
    await session.flush()
    await session.refresh(conversation)
    return conversation, True


async def _guests(session: AsyncSession, conversation_id: UUID, asker: Asker) -> Conversation:
    conversation = await visible(session, conversation_id, asker, lock=True)
    if conversation.channel != "guest_web":
        raise NotFound
    return conversation


async def take_over(session: AsyncSession, conversation_id: UUID, asker: Asker) -> Conversation:
    """The asker answers from now on and the assistant is silent; again, nothing changes.

    Raises NotFound, or Conflict when a colleague has it or it is resolved.
    """
    conversation = await _guests(session, conversation_id, asker)
    if conversation.status not in _NOT_TAKEN or conversation.assigned_to not in {None, asker.user_id}:
        raise Conflict
    if conversation.assigned_to is None:
        before = _standing(conversation)
        conversation.status, conversation.assigned_to = "human", asker.user_id
        conversation.handed_off_at = conversation.handed_off_at or datetime.now(UTC)
        conversation.unread_staff = 0
        await _note(session, asker, "conversation.takeover", conversation, before)
    await session.flush()
    return conversation


async def release(session: AsyncSession, conversation_id: UUID, asker: Asker) -> Conversation:
    """The assistant answers again; again, nothing changes.

    Raises NotFound, or Conflict when it is resolved.
    """
    conversation = await _guests(session, conversation_id, asker)
    if conversation.status == "resolved":
        raise Conflict
    before = _standing(conversation)
    # Who gives it back has read it: nobody waits in it for a person any more.
    conversation.status, conversation.assigned_to, conversation.unread_staff = "bot", None, 0
    if _standing(conversation) != before:
        await _note(session, asker, "conversation.release", conversation, before)
    await session.flush()
    return conversation


async def resolve(session: AsyncSession, conversation_id: UUID, asker: Asker) -> Conversation:
    """It is over until the guest writes again; again, nothing changes.

    Raises NotFound.
    """
    conversation = await _guests(session, conversation_id, asker)
    if conversation.status != "resolved":
        before = _standing(conversation)
        conversation.status, conversation.resolved_at = "resolved", datetime.now(UTC)
        conversation.unread_staff = 0
        await _note(session, asker, "conversation.resolve", conversation, before)
    await session.flush()
    return conversation


def _standing(conversation: Conversation) -> dict[str, str | None]:
    assigned_to = conversation.assigned_to
    return {"status": conversation.status, "assigned_to": str(assigned_to) if assigned_to else None}


async def _note(
    session: AsyncSession,
    asker: Asker,
    action: str,
    conversation: Conversation,
    before: dict[str, str | None],
) -> None:
    if asker.who is not None:
        change = Change(before, _standing(conversation))
        await note(session, asker.who, action, Thing("conversation", conversation.id), change)


async def rate(session: AsyncSession, conversation_id: UUID, asker: Asker, stars: int) -> Conversation:
    """The guest's judgement, which may change.

    Raises NotFound, or Conflict as long as nobody has answered.
    """
    conversation = await visible(session, conversation_id, asker, lock=True)
    said = await conversations.latest(session, conversation_id, 50)
    if not any(message.role in {"assistant", "staff"} for message in said):
        raise Conflict
    conversation.rating = stars
    await session.flush()
    return conversation


async def settle_action(
    session: AsyncSession, conversation_id: UUID, action_id: UUID, asker: Asker, *, confirmed: bool
) -> actions.Item:
    """The action as it stands now; a repeat of the same decision changes nothing.

    Raises NotFound, or Conflict when it was decided the other way.
    """
    conversation = await visible(session, conversation_id, asker, lock=True)
    message = await conversations.with_action(session, conversation_id, action_id)
    if message is None or not _is_own(conversation, asker):
        raise NotFound
    items = actions.items_of(message)
    item = next(item for item in items if item["id"] == str(action_id))
    if item["status"] != actions.PENDING:
        if (item["status"] == "cancelled") is confirmed:
            raise Conflict
        return item
    [settled] = await actions.settle(
        session, [item], "confirm" if confirmed else "cancel", asker, conversation
    )
    after = [settled if one is item else one for one in items]
    await conversations.set_actions(session, message.id, after)
    await _tell(session, message, settled)
    return settled


def _is_own(conversation: Conversation, asker: Asker) -> bool:
    """Only who was asked may answer: staff cannot confirm in a guest's name."""
    if asker.is_guest:
        return conversation.session_id == asker.session_id
    return conversation.user_id == asker.user_id


async def _tell(session: AsyncSession, message: Message, settled: actions.Item) -> None:
    """What has become of it, in the language in which it was asked for."""
    hotel = await read_facts(session)
    said = await conversations.before(session, message, _SPOKEN)
    text = outcome_text([settled], known_language(usual_language(said, hotel.locale)))
    await conversations.append(session, message.conversation_id, Saying("system", text))
