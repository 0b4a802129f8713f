"""The mails that there are, as texts; a link that lets somebody in is good once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_HOUR_S = 3600
_LONGEST_NAME = 120


class MailKind(StrEnum):
    """Why a mail is sent."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of mail, no secret
    HANDOFF = "handoff"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready to be written down."""

    kind: MailKind
    recipient: str
    subject: str
    body: str


def invitation(recipient: str, hotel_name: str, link: str, good_for: timedelta) -> Mail:
    """The mail that brings a new user in."""
    hotel = _one_line(hotel_name)
    body = (
        f"Hello,\n\nyou are invited to work with the assistant of {hotel}.\n"
        f"Choose your password here:\n\n{link}\n\n"
        f"The link is good once, for {_duration(good_for)}.\n"
        "If you do not know what this is about, nothing needs to be done.\n"
    )
    return Mail(MailKind.INVITATION, recipient, f"Your access to {hotel}", body)


def address_taken(recipient: str, hotel_name: str) -> Mail:
    """The mail to somebody who was invited and has an access elsewhere: only they learn of it."""
    hotel = _one_line(hotel_name)
    body = (
        f"Hello,\n\nyou are invited to work with the assistant of {hotel}.\n\n"
        "This address has an access already, and an address has one access only. So the invitation\n"
        "changes nothing: your access and your password stay as they are. If you want to work there\n"
        "as well, ask for an invitation to another address of yours.\n"
    )
    return Mail(MailKind.INVITATION, recipient, f"Your access to {hotel}", body)


def password_reset(recipient: str, hotel_name: str, link: str, good_for: timedelta) -> Mail:
    """The mail that lets a user choose a new password."""
    hotel = _one_line(hotel_name)
    body = (
        f"Hello,\n\nsomebody asked for a new password for your access to {hotel}.\n"
        f"If it was you, choose it here:\n\n{link}\n\n"
        f"The link is good once, for {_duration(good_for)}.\n"
        "If it was not you, nothing needs to be done; your password stays as it is.\n"
    )
    return Mail(MailKind.PASSWORD_RESET, recipient, f"A new password for {hotel}", body)


@dataclass(frozen=True, slots=True)
class Call:
    """Who needs a person: where they are, when it was, where they are answered."""

    room_label: str | None
    at: str
    link: str


def handoff(recipient: str, hotel_name: str, call: Call) -> Mail:
    """The mail that a guest is to be answered by a person; what was said stands behind the link only."""
    hotel = _one_line(hotel_name)
    body = (
        f"Hello,\n\nthe assistant of {hotel} passed a guest{_of_room(call)} on to your staff at {call.at}.\n"
        f"The guest is answered here:\n\n{call.link}\n"
    )
    return Mail(MailKind.HANDOFF, recipient, f"A guest{_of_room(call)} waits for a person: {hotel}", body)


def emergency(recipient: str, hotel_name: str, call: Call) -> Mail:
    """The mail that somebody wrote of an emergency."""
    hotel = _one_line(hotel_name)
    where = f" in room {_one_line(call.room_label)}" if call.room_label else ""
    body = (
        f"somebody{where} wrote of an emergency to the assistant of {hotel} at {call.at}.\n"
        f"An urgent ticket is open. What was written stands here:\n\n{call.link}\n"
    )
    return Mail(MailKind.EMERGENCY, recipient, f"EMERGENCY reported{where}: {hotel}", body)


def _of_room(call: Call) -> str:
    return f" of room {_one_line(call.room_label)}" if call.room_label else ""


def _one_line(name: str) -> str:
    """A hotel's name must not begin a new header or a new line of its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_LONGEST_NAME]


def _duration(span: timedelta) -> str:
    hours, rest_s = divmod(int(span.total_seconds()), _HOUR_S)
    if hours and not rest_s:
        return f"{hours} hours" if hours > 1 else "one hour"
    return f"{int(span.total_seconds()) // 60} minutes"
