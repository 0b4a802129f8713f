"""The mails that there are, in the language of who gets them; a link that lets somebody in is good once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotelctl.app.domain import joiners
from hotelctl.app.domain.joiners import JOINERS, Effect
from hotelctl.app.domain.texts import Texts

_HOUR_S = 3600
_LONGEST_NAME = 120
_LONGEST_SUBJECT = 200


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


def invitation(t: Texts, recipient: str, hotel_name: str, link: str, good_for: timedelta) -> Mail:
    """The mail that brings a new user in."""
    hotel = _one_line(hotel_name)
    body = t("mail.invitation", hotel=hotel, link=link, span=_duration(t, good_for))
    return Mail(MailKind.INVITATION, recipient, t("mail.invitation_subject", hotel=hotel), body)


def address_taken(t: Texts, recipient: str, hotel_name: str) -> Mail:
    """The mail to somebody who was invited and has an access elsewhere: only they learn of it."""
    hotel = _one_line(hotel_name)
    subject = t("mail.invitation_subject", hotel=hotel)
    return Mail(MailKind.INVITATION, recipient, subject, t("mail.address_taken", hotel=hotel))


def password_reset(t: Texts, recipient: str, hotel_name: str, link: str, good_for: timedelta) -> Mail:
    """The mail that lets a user choose a new password."""
    hotel = _one_line(hotel_name)
    body = t("mail.reset", hotel=hotel, link=link, span=_duration(t, good_for))
    return Mail(MailKind.PASSWORD_RESET, recipient, t("mail.reset_subject", hotel=hotel), body)


@dataclass(frozen=True, slots=True)
class Call:
    """Who needs a person: where they are, when it was by the hotel's clock, where they are answered."""

    room_label: str | None
    at: datetime
    link: str


# Of each such mail subject and first sentence, without a room and with one, and what stands around it.
_OF_A_CALL = {
    MailKind.HANDOFF: (
        ("mail.handoff_subject", "mail.handoff_of_guest"),
        ("mail.handoff_room_subject", "mail.handoff_of_room"),
        "mail.handoff",
    ),
    MailKind.EMERGENCY: (
        ("mail.emergency_subject", "mail.emergency_anywhere"),
        ("mail.emergency_room_subject", "mail.emergency_in_room"),
        "mail.emergency",
    ),
}


def handoff(t: Texts, recipient: str, hotel_name: str, call: Call) -> Mail:
    """The mail that a guest is to be answered by a person; what was said stands behind the link only."""
    return _of_a_call(t, MailKind.HANDOFF, recipient, hotel_name, call)


def emergency(t: Texts, recipient: str, hotel_name: str, call: Call) -> Mail:
    """The mail that somebody wrote of an emergency."""
    return _of_a_call(t, MailKind.EMERGENCY, recipient, hotel_name, call)


def _of_a_call(t: Texts, kind: MailKind, recipient: str, hotel_name: str, call: Call) -> Mail:
    anywhere, in_room, around = _OF_A_CALL[kind]
    subject, said = in_room if call.room_label else anywhere
    values = _values(t, hotel_name, call)
    body = t(around, said=t(said, **values), link=call.link)
    return Mail(kind, recipient, t(subject, **values)[:_LONGEST_SUBJECT], body)


def _values(t: Texts, hotel_name: str, call: Call) -> dict[str, object]:
    month = t.word("clock.months", call.at.month - 1)
    at = t("mail.moment", time=f"{call.at:%H:%M}", day=call.at.day, month=month, year=call.at.year)
    return {"hotel": _one_line(hotel_name), "room": _one_line(call.room_label or ""), "at": at}


def _one_line(name: str) -> str:
    """A hotel's name must not begin a new header or a new line of its own."""
    shown = joiners.only(name, Effect.SEEN)
    plain = "".join(c if c.isprintable() or c in JOINERS else " " for c in shown)
    return " ".join(plain.split())[:_LONGEST_NAME]


def _duration(t: Texts, span: timedelta) -> str:
    hours, rest_s = divmod(int(span.total_seconds()), _HOUR_S)
    if hours and not rest_s:
        return t("mail.hours", n=hours)
    return t("mail.minutes", n=int(span.total_seconds()) // 60)
