"""What the assistant can have done for somebody: it makes work orders and tickets, nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """What an action makes."""

    WORK_ORDER = "work_order"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to be done: what it makes, for which department, and its title in the hotel's books."""

    kind: ActionKind
    topic: str
    category: str
    title: str
    urgent: bool = False


EMERGENCY = Wish(ActionKind.TICKET, "emergency", "emergency", "EMERGENCY reported in the chat", urgent=True)
MESSAGE = Wish(ActionKind.TICKET, "message", "question", "Message to reception")
HANDOFF = Wish(ActionKind.TICKET, "handoff", "question", "Question the assistant could not answer")
