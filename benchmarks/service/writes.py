"""How long each write of the API takes, one after the other, with nobody else there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg

from benchmarks.service.reads import ids_of
from benchmarks.service.scenarios import address, guest, staff
from benchmarks.service.seeding import GUESTS, PASSWORD
from benchmarks.service.sending import JSON, Send, Sent

# What is measured at a rate, what costs a password's hash by design or ends the log-ins of those who ask, and
# what is not set up.
NO_WRITES = frozenset(
    {
        *("POST /api/auth/login", "POST /api/conversations/{conversation_id}/messages"),
        *("POST /api/auth/password", "POST /api/auth/set-password", "POST /api/auth/staff-qr"),
        "POST /api/webhooks/stripe",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """One hotel: its number and the ids of what is in it."""

    number: int
    ids: Mapping[str, str]

    @property
    def manager(self) -> dict[str, str]:
        """The headers of its manager, on a page of this site."""
        return {**staff(self.number), "Sec-Fetch-Site": "same-origin"}

    @property
    def guest(self) -> dict[str, str]:
        """The headers of the guest whose conversation is among the ids."""
        return guest((self.number - 1) * GUESTS + 1)

    @property
    def nobody(self) -> dict[str, str]:
        """Those of somebody who is not let in yet."""
        return {"X-Forwarded-For": address(300_000 + self.number)}


Known = dict[str, Any]
Prepare = Callable[[Send, Place], Known]


def _nothing(_send: Send, _place: Place) -> Known:
    return {}


@dataclass(frozen=True, slots=True)
class Write:
    """A route with a body for it; `prepare` finds what its path and body name beyond the place's ids."""

    route: str
    body: Callable[[Known], object] | None = None
    who: str = "manager"
    prepare: Prepare = _nothing
    more: tuple[tuple[str, str], ...] = ()
    """Headers of its own."""

    def sent(self, place: Place, send: Send) -> Sent:
        """The request to this place."""
        known = {**place.ids, **self.prepare(send, place)}
        method, _, path = self.route.partition(" ")
        headers = {**getattr(place, self.who), **JSON, **dict(self.more)}
        body = None if self.body is None else self.body(known)
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        return Sent(method, path.format(**known), headers, text)


def _posted(path: str, body: object, headers: Mapping[str, str]) -> Sent:
    return Sent("POST", path, {**headers, **JSON}, json.dumps(body))


def _proposal(send: Send, place: Place) -> Known:
    """A wish of the guest, which waits for a yes."""
    said = {"content": "2 towels please", "client_msg_id": str(uuid4())}
    path = f"/api/conversations/{place.ids['conversation_id']}/messages"
    reply = json.loads(send(_posted(path, said, place.guest)))["reply"]
    return {"action_id": reply["actions"][0]["id"]}


def _code(send: Send, place: Place) -> Known:
    """A new code for a guest: nobody whom other parts send is shut out."""
    made = json.loads(send(_posted("/api/qr/generate", _GUEST_CODE, place.manager)))
    return {"token": made["url"].rpartition("/")[2], "code_id": made["id"]}


def _log_in(send: Send, place: Place) -> Known:
    """Tokens of the manager, who is logged in once more."""
    body = {"email": f"manager@hotel-{place.number}.example", "password": PASSWORD}
    return {"token": json.loads(send(_posted("/api/auth/login", body, place.nobody)))["refresh_token"]}


def _always(body: object) -> Callable[[Known], object]:
    return lambda _: body


def _refresh(known: Known) -> object:
    return {"refresh_token": known["token"]}


def _shown(known: Known) -> object:
    return {"token": known["token"]}


def _invited(_known: Known) -> object:
    return {"email": f"{uuid4().hex}@bench.example", "display_name": "Somebody New", "role": "staff"}


_GUEST_CODE = {"purpose": "guest_access", "room_label": "150"}
_FIRST = (("If-Match", "1"),)
_LINES = "title,body\nShuttle,It leaves at nine.\nGym,It is open all night.\n"
_TALK, _PERSON = "/api/conversations/{conversation_id}", "/api/users/{user_id}"
# In this order: a conversation is taken over before it is given back, and so on.
WRITES = (
    Write("POST /api/tickets", _always({"title": "The tap drips"})),
    Write("PATCH /api/tickets/{ticket_id}", _always({"priority": "LOW"}), more=_FIRST),
    Write("POST /api/tickets/{ticket_id}/comments", _always({"body": "Somebody is on the way."})),
    Write("POST /api/work-orders", _always({"kind": "maintenance", "title": "Mend the tap"})),
    Write("PATCH /api/work-orders/{work_order_id}", _always({"priority": "LOW"}), more=_FIRST),
    Write("POST /api/room-notes", _always({"room_label": "150", "body": "The window sticks."})),
    Write("POST /api/knowledge", _always({"title": "Ski room", "body": "It is beside the garage."})),
    Write("PATCH /api/knowledge/{entry_id}", _always({"source": "The manager"}), more=_FIRST),
    Write("POST /api/knowledge/test", _always({"question": "When is breakfast?"})),
    Write("POST /api/knowledge/import", _always(_LINES), more=(("Content-Type", "text/csv"),)),
    Write("POST /api/conversations", _always({}), who="guest"),
    Write(
        f"POST {_TALK}/actions/{{action_id}}",
        _always({"decision": "confirm"}),
        who="guest",
        prepare=_proposal,
    ),
    Write(f"POST {_TALK}/rate", _always({"rating": 5}), who="guest"),
    Write(f"POST {_TALK}/takeover"),
    Write(f"POST {_TALK}/release"),
    Write(f"POST {_TALK}/resolve"),
    Write("POST /api/ai/models/{key}/run", _always({}), prepare=lambda _send, _place: {"key": "night-audit"}),
    Write("POST /api/qr/generate", _always(_GUEST_CODE)),
    Write("POST /api/qr/validate", _shown, who="nobody", prepare=_code),
    Write("POST /api/qr/scan", _shown, who="nobody", prepare=_code),
    Write("POST /api/qr/tokens/{code_id}/regenerate", prepare=_code),
    Write("POST /api/auth/refresh", _refresh, who="nobody", prepare=_log_in),
    Write("POST /api/auth/logout", _refresh, who="nobody", prepare=_log_in),
    Write("PATCH /api/session/me", _always({"locale": "de"})),
    Write("PATCH /api/settings", _always({"phone": "+43 1 234567"})),
    Write("PATCH /api/plan", _always({"ai_monthly_limit": 5000})),
    Write("POST /api/users", _invited),
    Write(f"PATCH {_PERSON}", _always({"display_name": "Somebody Else"})),
    Write(f"POST {_PERSON}/link"),
    Write(f"POST {_PERSON}/suspend"),
    Write(f"POST {_PERSON}/restore"),
    Write("POST /api/export"),
)


def writes(owner_url: str, hotels: int) -> dict[str, list[Callable[[Send], Sent]]]:
    """Each write once in each of these first hotels, by its manager or guest."""
    with psycopg.connect(owner_url) as connection:
        places = [Place(n, {**ids_of(connection, n), **_talk(connection, n)}) for n in range(1, hotels + 1)]
    return {write.route: [partial(write.sent, place) for place in places] for write in WRITES}


def _talk(connection: psycopg.Connection, number: int) -> dict[str, str]:
    """The first guest's conversation."""
    found = connection.execute(
        "SELECT c.id FROM conversations c JOIN hotels h ON h.id = c.hotel_id"
        " WHERE h.slug = %s AND c.session_id IS NOT NULL AND c.room_label = '101'",
        (f"hotel-{number}",),
    ).fetchone()
    if found is None:
        raise ValueError(f"hotel {number} has no guest")
    return {"conversation_id": str(found[0])}
