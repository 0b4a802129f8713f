"""What the assistant will do with a message, decided by rules; a model at most words the answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.phrases import Say, say, topic_title
from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.assistant.rooms import named_room
from hotelctl.app.domain.assistant.wishes import EMERGENCY, HANDOFF, ActionKind, Wish
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.reading import Reading

Outcome = Literal["success", "blocked", "handoff"]
Find = Callable[[str], Awaitable[Sequence[Hit]]]
# One of these is enough.
_NEEDS = {
    ActionKind.TICKET: frozenset({"tickets.create"}),
    ActionKind.WORK_ORDER: frozenset({"workorders.create", "workorders.request"}),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A fixed text, or entries from which a provider answers; what to propose, to do now, to take back."""

    text: str = ""
    entries: tuple[Hit, ...] = ()
    proposals: tuple[Wish, ...] = ()
    room_label: str | None = None
    """Where staff wants the proposals, as far as it is not the asker's own room."""
    now: tuple[Wish, ...] = ()
    settles: Literal["confirm", "cancel"] | None = None
    hands_over: bool = False
    outcome: Outcome = "success"
    asks_provider: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision depends on beside the message."""

    asker: Asker
    emergency_phone: str | None = None
    has_pending: bool = False


def _emergency(reading: Reading, situation: Situation) -> Decision:
    text = say(Say.EMERGENCY, reading.language)
    if situation.emergency_phone:
        call = say(Say.EMERGENCY_CALL, reading.language, phone=situation.emergency_phone)
        text = f"{call} {text}"
    return Decision(text, now=(EMERGENCY,), hands_over=True, outcome="handoff")


def _talk(reading: Reading, situation: Situation) -> Decision | None:
    """What needs neither look-up nor action."""
    intent, language = reading.intent, reading.language
    if Flag.PRIVACY_REQUEST in reading.flags:
        return Decision(say(Say.PRIVACY, language), outcome="blocked")
    if intent.wants_person and situation.asker.is_guest:
        return Decision(say(Say.PERSON, language), hands_over=True, outcome="handoff")
    if intent.is_yes or intent.is_no:
        if situation.has_pending:
            return Decision(settles="confirm" if intent.is_yes else "cancel")
        return Decision(say(Say.NOTHING_PENDING, language))
    if intent.is_greeting:
        return Decision(say(Say.GREETING, language))
    return None


def is_owed(reading: Reading, asker: Asker) -> bool:
    """Whether an answer may not wait for a new month: rules alone give it, and somebody relies on it.

    An emergency, a guest who asks for a person, and a yes or no to what was proposed.
    """
    intent = reading.intent
    asks_for_person = asker.is_guest and intent.wants_person
    return Flag.EMERGENCY in reading.flags or asks_for_person or intent.is_yes or intent.is_no


def may_have(wish: Wish, asker: Asker) -> bool:
    """Whether the assistant may bring this about for the person."""
    return bool(_NEEDS[wish.kind] & asker.agent_permissions)


def propose(wishes: Sequence[Wish], reading: Reading, asker: Asker) -> Decision:
    """The question whether to pass the wishes on, or why that cannot be done."""
    may = [wish for wish in wishes if may_have(wish, asker)]
    placed = [
        wish for wish in may if wish.kind is ActionKind.TICKET or asker.room_label or not asker.is_guest
    ]
    if not may:
        return Decision(say(Say.NO_ACTIONS, reading.language))
    if not placed:
        return Decision(say(Say.NO_ROOM, reading.language))
    titles, room = _titles(placed, reading), None if asker.is_guest else named_room(reading.text)
    if room is not None:
        titles = say(Say.IN_ROOM, reading.language, titles=titles, room=room)
    text = say(Say.PROPOSE, reading.language, titles=titles)
    left_out = [wish for wish in reading.intent.left_out if may_have(wish, asker)]
    if left_out:
        text = f"{text} {say(Say.LEFT_OUT, reading.language, titles=_titles(left_out, reading))}"
    return Decision(text, proposals=tuple(placed), room_label=room)


def _titles(wishes: Sequence[Wish], reading: Reading) -> str:
    return ", ".join(topic_title(wish.topic, reading.language, wish.title) for wish in wishes)


def not_found(reading: Reading, asker: Asker) -> Decision:
    """The admission that the hotel's information says nothing, with the offer to pass the question on."""
    text = say(Say.NOT_FOUND, reading.language)
    if reading.answer_only or not may_have(HANDOFF, asker):
        outcome: Outcome = "blocked" if reading.answer_only else "handoff"
        return Decision(say(Say.NO_ACTIONS, reading.language), outcome=outcome)
    return Decision(text, proposals=(HANDOFF,), outcome="handoff")


async def decide(reading: Reading, situation: Situation, find: Find) -> Decision:
    """The emergency first, then what must be refused, then talk, then actions, then the hotel's entries."""
    if Flag.EMERGENCY in reading.flags:
        return _emergency(reading, situation)
    settled = _talk(reading, situation)
    if settled is not None:
        return settled
    wishes = () if reading.answer_only else reading.intent.wishes
    if wishes and not reading.intent.is_question:
        return propose(wishes, reading, situation.asker)
    entries = tuple(await find(reading.text))
    if entries:
        return Decision(entries=entries, asks_provider=True)
    # Who asks for a price orders nothing.
    offered = () if reading.intent.asks_price else wishes
    return propose(offered, reading, situation.asker) if offered else not_found(reading, situation.asker)
