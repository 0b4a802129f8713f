"""What staff is told of tickets and work orders in the five languages; they are called as on its pages."""

from enum import StrEnum

from hotelctl.app.domain.assistant.language import ENGLISH


class Tell(StrEnum):
    """Which sentence."""

    TICKET = "ticket"
    TICKET_IN_ROOM = "ticket_in_room"
    NO_TICKET = "no_ticket"
    NO_SUCH_TICKET = "no_such_ticket"
    TICKETS = "tickets"
    NO_TICKETS = "no_tickets"
    WORK_ORDERS = "work_orders"
    NO_WORK_ORDERS = "no_work_orders"
    STATE = "state"


_SENTENCES: dict[str, dict[Tell, str]] = {
    "en": {
        Tell.TICKET: "Ticket {number}: {title}. {state}.",
        Tell.TICKET_IN_ROOM: "Ticket {number}: {title}, room {room}. {state}.",
        Tell.NO_TICKET: "There is no ticket {number}.",
        Tell.NO_SUCH_TICKET: "There is no such ticket.",
        Tell.TICKETS: "Open tickets for room {room}: {titles}.",
        Tell.NO_TICKETS: "There are no open tickets for room {room}.",
        Tell.WORK_ORDERS: "Open work orders for room {room}: {titles}.",
        Tell.NO_WORK_ORDERS: "There are no open work orders for room {room}.",
        Tell.STATE: "{status}, priority {priority}",
    },
    "de": {
        Tell.TICKET: "Ticket {number}: {title}. {state}.",
        Tell.TICKET_IN_ROOM: "Ticket {number}: {title}, Zimmer {room}. {state}.",
        Tell.NO_TICKET: "Ein Ticket {number} gibt es nicht.",
        Tell.NO_SUCH_TICKET: "Ein solches Ticket gibt es nicht.",
        Tell.TICKETS: "Offene Tickets für Zimmer {room}: {titles}.",
        Tell.NO_TICKETS: "Für Zimmer {room} ist kein Ticket offen.",
        Tell.WORK_ORDERS: "Offene Aufträge für Zimmer {room}: {titles}.",
        Tell.NO_WORK_ORDERS: "Für Zimmer {room} ist kein Auftrag offen.",
        Tell.STATE: "{status}, Priorität {priority}",
    },
    "fr": {
        Tell.TICKET: "Ticket {number} : {title}. {state}.",
        Tell.TICKET_IN_ROOM: "Ticket {number} : {title}, chambre {room}. {state}.",
        Tell.NO_TICKET: "Il n'y a pas de ticket {number}.",
        Tell.NO_SUCH_TICKET: "Ce ticket n'existe pas.",
        Tell.TICKETS: "Tickets ouverts pour la chambre {room} : {titles}.",
        Tell.NO_TICKETS: "Aucun ticket n'est ouvert pour la chambre {room}.",
        Tell.WORK_ORDERS: "Tâches ouvertes pour la chambre {room} : {titles}.",
        Tell.NO_WORK_ORDERS: "Aucune tâche n'est ouverte pour la chambre {room}.",
        Tell.STATE: "{status}, priorité {priority}",
    },
    "es": {
        Tell.TICKET: "Incidencia {number}: {title}. {state}.",
        Tell.TICKET_IN_ROOM: "Incidencia {number}: {title}, habitación {room}. {state}.",
        Tell.NO_TICKET: "No hay ninguna incidencia {number}.",
        Tell.NO_SUCH_TICKET: "Esa incidencia no existe.",
        Tell.TICKETS: "Incidencias abiertas de la habitación {room}: {titles}.",
        Tell.NO_TICKETS: "La habitación {room} no tiene incidencias abiertas.",
        Tell.WORK_ORDERS: "Tareas abiertas de la habitación {room}: {titles}.",
        Tell.NO_WORK_ORDERS: "La habitación {room} no tiene tareas abiertas.",
        Tell.STATE: "{status}, prioridad {priority}",
    },
    "it": {
        Tell.TICKET: "Ticket {number}: {title}. {state}.",
        Tell.TICKET_IN_ROOM: "Ticket {number}: {title}, camera {room}. {state}.",
        Tell.NO_TICKET: "Non c'è nessun ticket {number}.",
        Tell.NO_SUCH_TICKET: "Questo ticket non esiste.",
        Tell.TICKETS: "Ticket aperti per la camera {room}: {titles}.",
        Tell.NO_TICKETS: "Non ci sono ticket aperti per la camera {room}.",
        Tell.WORK_ORDERS: "Incarichi aperti per la camera {room}: {titles}.",
        Tell.NO_WORK_ORDERS: "Non ci sono incarichi aperti per la camera {room}.",
        Tell.STATE: "{status}, priorità {priority}",
    },
}
# Of statuses and priorities; what has no word of its own reads as English has it.
_WORDS: dict[str, dict[str, str]] = {
    "de": {
        "open": "offen",
        "in_progress": "in Arbeit",
        "waiting_response": "wartet auf Antwort",
        "resolved": "gelöst",
        "closed": "geschlossen",
        "cancelled": "storniert",
        "low": "niedrig",
        "medium": "mittel",
        "high": "hoch",
        "urgent": "dringend",
    },
    "fr": {
        "open": "à faire",
        "in_progress": "en cours",
        "waiting_response": "en attente de réponse",
        "resolved": "réglé",
        "closed": "clos",
        "cancelled": "annulé",
        "low": "basse",
        "medium": "moyenne",
        "high": "haute",
        "urgent": "urgente",
    },
    "es": {
        "open": "abierta",
        "in_progress": "en curso",
        "waiting_response": "en espera de respuesta",
        "resolved": "resuelta",
        "closed": "cerrada",
        "cancelled": "cancelada",
        "low": "baja",
        "medium": "media",
        "high": "alta",
        "urgent": "urgente",
    },
    "it": {
        "open": "aperto",
        "in_progress": "in corso",
        "waiting_response": "in attesa di risposta",
        "resolved": "risolto",
        "closed": "chiuso",
        "cancelled": "annullato",
        "low": "bassa",
        "medium": "media",
        "high": "alta",
        "urgent": "urgente",
    },
}


def tell(sentence: Tell, language: str, **values: object) -> str:
    """The sentence in the language, or in English if the assistant does not speak it."""
    return _SENTENCES.get(language, _SENTENCES[ENGLISH])[sentence].format(**values)


def state(status: str, priority: str, language: str) -> str:
    """How far something has come and how much it matters, in the language or in English."""
    told = {"status": _word(status, language), "priority": _word(priority, language)}
    return tell(Tell.STATE, language, **told)


def _word(code: str, language: str) -> str:
    key = code.lower()
    return _WORDS.get(language, {}).get(key, key.replace("_", " "))
