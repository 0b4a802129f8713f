"""What a message wants, by rules alone: the rules decide, a model may only propose."""

import re
from dataclasses import dataclass

from hotelctl.app.domain.assistant import turns
from hotelctl.app.domain.assistant.declines import clauses, turns_down
from hotelctl.app.domain.assistant.faults import faults
from hotelctl.app.domain.assistant.matters import matters
from hotelctl.app.domain.assistant.things import things
from hotelctl.app.domain.assistant.wishes import MESSAGE, Wish
from hotelctl.app.domain.assistant.wording import fold

MAX_ACTIONS = 2
# A word such as taxi is a wish only in a request; a loss or a complaint is one as it stands.
_ONLY_ON_REQUEST = frozenset({"taxi", "wake-up"})
_NEVER_ORDERED = frozenset({"complaint", "lost-item", "locked-out"})
_NEXT = re.compile(r"[,;.]| (?:and|und|et|y|e) ")
_VISIT = re.compile(
    r"\b(disturb|come in|enter|order|booking|reservation|housekeeping|stor(en|t)|bestellung|reservierung|"
    r"derange[rz]|"
    r"commande|reservation|molest\w+|pedido|reserva|disturb\w+|prenotazione|ordine)\b"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for; `is_question` says that an answer is wanted before any action."""

    wishes: tuple[Wish, ...] = ()
    left_out: tuple[Wish, ...] = ()
    """Wishes beyond MAX_ACTIONS."""
    is_question: bool = False
    asks_price: bool = False
    wants_person: bool = False
    is_yes: bool = False
    is_no: bool = False
    is_greeting: bool = False


def read_intent(text: str) -> Intent:
    """Faults before matters before things that are wanted, and last what is turned down or called off."""
    folded = fold(text)
    wanted = [clause for clause in clauses(folded) if not turns_down(clause)]
    is_all_wanted = len(wanted) == len(clauses(folded))
    wishes = _wishes(folded if is_all_wanted else ", ".join(wanted), folded)
    if not is_all_wanted and _turns_down_a_thing(folded):
        wishes.append(MESSAGE)
    return Intent(
        wishes=tuple(wishes[:MAX_ACTIONS]),
        left_out=tuple(wishes[MAX_ACTIONS:]),
        is_question=turns.is_question(folded) and not faults(folded),
        asks_price=turns.asks_price(folded),
        wants_person=turns.wants_person(folded),
        is_yes=turns.is_yes(folded),
        is_no=turns.is_no(folded),
        is_greeting=turns.is_greeting(folded),
    )


def _wishes(wanted: str, message: str) -> list[Wish]:
    """The wishes in what is wanted; how it is asked for is told by the whole message."""
    reported = faults(wanted)
    is_asked_for = turns.is_request(message) or turns.is_question(message)
    cared = [wish for wish in matters(wanted) if is_asked_for or wish.topic not in _ONLY_ON_REQUEST]
    # The lamp that is broken and to be brought anew is one matter; the towels after it are another.
    besides = [clause for clause in re.split(_NEXT, wanted) if not faults(clause)] if reported else [wanted]
    brought = {wish.topic: wish for clause in besides for wish in things(clause)} if is_asked_for else {}
    return [*reported, *cared, *brought.values()]


def _turns_down_a_thing(folded: str) -> bool:
    """Whether something that can be ordered is not wanted, or nobody is to come."""
    said = " ".join(clause for clause in clauses(folded) if turns_down(clause))
    ordered = [wish for wish in matters(said) if wish.topic not in _NEVER_ORDERED]
    return bool(things(said) or ordered or _VISIT.search(said))
