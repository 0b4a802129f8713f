"""Questions for how things stand: with the own requests, with a ticket, with the work in a room."""

import re
from enum import StrEnum
from typing import Literal

from hotelctl.app.domain.assistant import turns

_LARGEST = 2**31 - 1
# Things are called what the pages of staff call them in each language.
_TICKET = re.compile(
    r"\b(?:ticket|incidencia)\s*(?:n[or]?\.?|n°|number|nummer|numero|#)?\s*(\d{1,10})\b"
    r"|(?:^|\s)#(\d{1,10})\b"
)
_OWN = re.compile(
    r"\b(my|our) (\w+ )?(requests?|tickets?|orders?|work orders?)\b"
    r"|\b(mein\w*|unser\w*) (anfrage\w*|anliegen|auftrag\w*|wunsch\w*|bestellung\w*|tickets?)\b"
    r"|\b(ma|mes|mon|notre|nos) (demandes?|tickets?)\b"
    r"|\b(mi|mis|nuestr\w+) (solicitud(es)?|peticion(es)?|tickets?)\b"
    r"|\b(mi[ao]|mie|miei|nostr\w) (richiest\w|tickets?)\b"
)
_STATE = re.compile(r"\b(status|state|stand|etat|statut|estado|stato)\b")
_ROOM = re.compile(r"\b(?:room|zimmer|chambre|habitacion|camera) ([\w./-]{1,40})")
_WORK = re.compile(
    r"\b(work ?orders?|orders|arbeitsauftrag\w*|auftrage|ordres de travail|taches|ordenes|tareas|ordini"
    r"|incarichi)\b"
)
# Italian has one word for one ticket and for several.
_TICKETS = re.compile(r"\b(tickets|incidencias|quali ticket|ticket (sono )?(ancora )?aperti)\b")
_OPEN = re.compile(r"\b(open|offen\w*|ouvert\w*|abiert\w*|apert\w*)\b")


class View(StrEnum):
    """What the assistant may look up for somebody."""

    OWN_REQUESTS = "own_requests"
    TICKET = "ticket"
    TICKETS = "tickets"
    WORK_ORDERS = "work_orders"


class Standing(StrEnum):
    """How far a request has come, as a guest is told."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"

    @classmethod
    def of(cls, status: str) -> "Standing":
        """That of a ticket or work order with this status."""
        return _STANDINGS.get(status.casefold(), cls.OPEN)


_STANDINGS = {
    "in_progress": Standing.IN_PROGRESS,
    "waiting_response": Standing.WAITING,
    "resolved": Standing.DONE,
    "closed": Standing.DONE,
    "done": Standing.DONE,
    "cancelled": Standing.CANCELLED,
}


def ticket_number(folded: str) -> int | None:
    """The number of the ticket that the folded text names; one that no ticket can have is 0."""
    found = _TICKET.search(folded)
    number = int(found[1] or found[2]) if found else None
    return 0 if number is not None and number > _LARGEST else number


def asks_for_own(folded: str) -> bool:
    """Whether the folded text asks how the writer's own requests stand."""
    return bool(_OWN.search(folded)) and (turns.is_question(folded) or bool(_STATE.search(folded)))


def asks_for_room(folded: str) -> tuple[Literal[View.WORK_ORDERS, View.TICKETS], str] | None:
    """Of what and of which room the folded text wants to know what is open."""
    room = _ROOM.search(folded)
    if room is None or not (_OPEN.search(folded) or _STATE.search(folded) or turns.is_question(folded)):
        return None
    label = room[1].rstrip(".")
    if _WORK.search(folded):
        return View.WORK_ORDERS, label
    return (View.TICKETS, label) if _TICKETS.search(folded) else None
