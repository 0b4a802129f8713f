"""What a message wants, by rules alone: the rules decide, a model may only propose."""

from dataclasses import dataclass

from hotelctl.app.domain.assistant import turns
from hotelctl.app.domain.assistant.faults import faults
from hotelctl.app.domain.assistant.matters import matters
from hotelctl.app.domain.assistant.things import things
from hotelctl.app.domain.assistant.wishes import Wish
from hotelctl.app.domain.assistant.wording import fold

MAX_ACTIONS = 2
# A word such as taxi is a wish only in a request; a loss or a complaint is one as it stands.
_ONLY_ON_REQUEST = frozenset({"taxi", "wake-up"})


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for; `is_question` says that an answer is wanted before any action."""

    wishes: tuple[Wish, ...] = ()
    is_question: bool = False
    wants_person: bool = False
    is_yes: bool = False
    is_no: bool = False
    is_greeting: bool = False


def read_intent(text: str) -> Intent:
    """What the message wants; at most MAX_ACTIONS wishes, faults before matters before things."""
    folded = fold(text)
    reported = faults(folded)
    requested = turns.is_request(folded)
    asked = turns.is_question(folded)
    cared = [w for w in matters(folded) if requested or asked or w.topic not in _ONLY_ON_REQUEST]
    brought = things(folded) if not reported and (requested or asked) else []
    return Intent(
        wishes=(*reported, *cared, *brought)[:MAX_ACTIONS],
        is_question=asked and not reported,
        wants_person=turns.wants_person(folded),
        is_yes=turns.is_yes(folded),
        is_no=turns.is_no(folded),
        is_greeting=turns.is_greeting(folded),
    )
