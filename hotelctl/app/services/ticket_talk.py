"""What staff says on a ticket to the guest: it stands in the guest's conversation, once.

Each function works in the caller's transaction, which is that of the caller's hotel.
"""

from textwrap import shorten
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.texts import texts_of
from hotelctl.app.services.assistant.arrival import is_there, usual_language
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.store import conversations
from hotelctl.app.store.conversations import Saying
from hotelctl.app.store.direct import within
from hotelctl.app.store.hotel_facts import read_facts
from hotelctl.app.store.tables import Conversation, Ticket

_GUESTS = "guest_web"
_SPOKEN = 20
_LONGEST_MATTER = 120


async def origin(session: AsyncSession, conversation_id: UUID | None) -> Conversation | None:
    """The guest's conversation from which something came, whether or not the guest is still there."""
    if conversation_id is None:
        return None
    found = await conversations.find(session, conversation_id)
    return found if found is not None and found.channel == _GUESTS else None


async def reader(session: AsyncSession, conversation_id: UUID | None) -> Conversation | None:
    """Where the guest reads from whose conversation something came; None where no guest would.

    A guest whose conversation was resolved reads in the newest one of the same session; one whose session
    is over reads nothing more, and has a new one after the next scan.
    """
    came_from = await origin(session, conversation_id)
    if came_from is None or came_from.session_id is None or not await is_there(session, came_from):
        return None
    return await conversations.newest_of(session, came_from.session_id)


async def tell_word(session: AsyncSession, who: Principal, ticket: Ticket, word_id: UUID, text: str) -> None:
    """The guest reads this comment."""
    await _tell(session, who, ticket, text, word_id)


async def tell_resolution(session: AsyncSession, who: Principal, ticket: Ticket) -> None:
    """The guest reads how it was settled; the same words are told once, however the ticket moves."""
    text = ticket.resolution or ""
    if text:
        await _tell(session, who, ticket, text, uuid5(ticket.id, f"resolution {text}"))


async def _tell(session: AsyncSession, who: Principal, ticket: Ticket, text: str, key: UUID) -> None:
    conversation = await reader(session, ticket.conversation_id)
    if conversation is None:
        return
    # The row's lock makes two who say the same at once one after the other.
    _, told = await within(session).ask(
        conversations.locking(conversation.id), conversations.with_client_id(conversation.id, key)
    )
    if told:
        return
    hotel = await read_facts(session)
    said = await conversations.latest(session, conversation.id, _SPOKEN)
    asked = ticket.description or ticket.title
    # What was asked tells the language best: the last word was often a mere yes.
    t = texts_of(read(asked, usual_language(said, hotel.locale)).language)
    matter = shorten(asked, _LONGEST_MATTER, placeholder="…")
    words = t("chat.about_matter", matter=matter, text=text)
    saying = Saying("staff", words, author_user_id=who.user_id, client_msg_id=key)
    await conversations.append(session, conversation.id, saying)
