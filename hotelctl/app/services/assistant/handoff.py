"""A guest's conversation is passed on to a person: it waits from now on, and the hotel gets a mail."""

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import mails
from hotelctl.app.domain.local_time import LocalTime, now_in
from hotelctl.app.domain.mails import Call
from hotelctl.app.domain.texts import texts_of
from hotelctl.app.logs import Event, log
from hotelctl.app.services.post import Post
from hotelctl.app.store.hotel_facts import HotelFacts
from hotelctl.app.store.tables import Conversation

_WITH_THE_ASSISTANT = frozenset({"bot", "resolved"})
_GUESTS = "guest_web"


class Handoff:
    """Passes conversations on; made once per process."""

    def __init__(self, post: Post, public_url: str) -> None:
        self._post = post
        self._public_url = public_url

    def pass_on(
        self, session: AsyncSession, hotel: HotelFacts, conversation: Conversation, *, emergency: bool = False
    ) -> None:
        """A guest's waits for a person, since now unless it did before; staff is the person and never waits.

        Once the session's transaction holds, a mail tells so: of a guest when the waiting begins, no sooner
        than the hotel's quiet hours are over; of an emergency each time and at once.
        """
        clock = now_in(hotel.timezone)
        begins = conversation.channel == _GUESTS and _wait(conversation, clock)
        if emergency or begins:
            self._tell(session, hotel, conversation, clock, emergency=emergency)

    def _tell(
        self,
        session: AsyncSession,
        hotel: HotelFacts,
        conversation: Conversation,
        clock: LocalTime,
        *,
        emergency: bool,
    ) -> None:
        if hotel.handoff_email is None:
            return
        write = mails.emergency if emergency else mails.handoff
        mail = write(texts_of(hotel.locale), hotel.handoff_email, hotel.name, self._call(conversation, clock))
        if not self._post.is_configured:
            # The guest is answered all the same.
            facts = {"kind": mail.kind.value, "err_code": "not_configured"}
            log().warning(Event.MAIL_FAILED, msg="mail not written: no mail server is set up", **facts)
            return
        quiet = None if emergency else hotel.quiet_hours
        not_before = quiet.over_at(clock.now, clock.zone) if quiet else None
        self._post.enqueue(session, hotel.hotel_id, mail, about=conversation.id, not_before=not_before)

    def _call(self, conversation: Conversation, clock: LocalTime) -> Call:
        # What a member of staff asks the assistant has no page that others may see.
        page = f"/chats/{conversation.id}" if conversation.channel == _GUESTS else ""
        link = f"{self._public_url}/staff{page}"
        return Call(conversation.room_label, clock.local(clock.now), link)


def _wait(conversation: Conversation, clock: LocalTime) -> bool:
    """Whether the waiting begins."""
    begins = conversation.status in _WITH_THE_ASSISTANT
    if begins or conversation.handed_off_at is None:
        conversation.handed_off_at = clock.now
    conversation.status = "human"
    conversation.unread_staff += 1
    return begins
