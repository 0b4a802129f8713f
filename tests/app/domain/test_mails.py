from collections.abc import Callable
from datetime import timedelta

import pytest

from hotelctl.app.domain.mails import (
    Call,
    Mail,
    MailKind,
    address_taken,
    emergency,
    handoff,
    invitation,
    password_reset,
)

_LINK = "https://hotel.example/invite/t0ken"


def test_an_invitation_says_who_where_and_how_long() -> None:
    mail = invitation("new@alpha.example", "Grand Hotel", _LINK, timedelta(hours=72))
    assert (mail.kind, mail.recipient) == (MailKind.INVITATION, "new@alpha.example")
    assert mail.subject == "Your access to Grand Hotel"
    assert f"\n{_LINK}\n" in mail.body
    assert "for 72 hours." in mail.body


def test_who_has_an_access_elsewhere_is_told_and_gets_no_link() -> None:
    mail = address_taken("staff@beta.example", "Grand Hotel")
    assert (mail.kind, mail.recipient) == (MailKind.INVITATION, "staff@beta.example")
    assert mail.subject == invitation("x@y.example", "Grand Hotel", _LINK, timedelta(1)).subject
    assert "http" not in mail.body
    assert "changes nothing" in " ".join(mail.body.split())


@pytest.mark.parametrize(
    ("good_for", "words"),
    [
        (timedelta(hours=1), "one hour"),
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_a_reset_tells_what_to_do_when_nobody_asked(good_for: timedelta, words: str) -> None:
    mail = password_reset("a@alpha.example", "Grand Hotel", _LINK, good_for)
    assert mail.kind is MailKind.PASSWORD_RESET
    assert f"for {words}." in mail.body
    assert "your password stays as it is" in mail.body


def test_a_hand_off_says_where_and_when_and_nothing_that_was_said() -> None:
    mail = handoff("desk@alpha.example", "Grand Hotel", Call("204", "22:14 on 28 November", _LINK))
    assert (mail.kind, mail.recipient) == (MailKind.HANDOFF, "desk@alpha.example")
    assert mail.subject == "A guest of room 204 waits for a person: Grand Hotel"
    assert "passed a guest of room 204 on to your staff at 22:14 on 28 November." in mail.body
    assert f"\n{_LINK}\n" in mail.body


def test_an_emergency_is_told_as_one_with_the_room_where_there_is_one() -> None:
    mail = emergency("desk@alpha.example", "Grand Hotel", Call("204", "22:14", _LINK))
    assert (mail.kind, mail.subject) == (MailKind.EMERGENCY, "EMERGENCY reported in room 204: Grand Hotel")
    assert f"\n{_LINK}\n" in mail.body
    nowhere = emergency("desk@alpha.example", "Grand Hotel", Call(None, "22:14", _LINK))
    assert nowhere.subject == "EMERGENCY reported: Grand Hotel"
    assert "room" not in nowhere.body + handoff("d@a.example", "G", Call(None, "22:14", _LINK)).body


@pytest.mark.parametrize("write", [handoff, emergency])
def test_the_longest_names_fit_what_the_database_takes(write: Callable[[str, str, Call], Mail]) -> None:
    mail = write("desk@alpha.example", "x" * 300, Call("4\r\nBcc: a@x.example" + "y" * 22, "22:14", _LINK))
    assert len(mail.subject) <= 200
    assert mail.subject.isprintable()


def test_a_hotel_s_name_makes_no_line_and_no_header() -> None:
    mail = invitation(
        "a@b.example", "Grand\r\nBcc: all@x.example\u2028\x00" + "x" * 300, _LINK, timedelta(hours=1)
    )
    assert len(mail.subject.splitlines()) == 1
    assert len(mail.subject) <= 200
    assert mail.subject.isprintable()
