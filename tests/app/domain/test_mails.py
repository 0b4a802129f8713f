from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotelctl.app.domain.assistant.language import LANGUAGES
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
from hotelctl.app.domain.texts import Texts, texts_in

_LINK = "https://hotel.example/invite/t0ken"
_EN = texts_in("en")
_AT = datetime(2026, 11, 28, 22, 14)  # noqa: DTZ001 - by the hotel's own clock, which the mail does not name


def test_an_invitation_says_who_where_and_how_long() -> None:
    mail = invitation(_EN, "new@alpha.example", "Grand Hotel", _LINK, timedelta(hours=72))
    assert (mail.kind, mail.recipient) == (MailKind.INVITATION, "new@alpha.example")
    assert mail.subject == "Your access to Grand Hotel"
    assert f"\n{_LINK}\n" in mail.body
    assert "for 72 hours." in mail.body


def test_who_has_an_access_elsewhere_is_told_and_gets_no_link() -> None:
    mail = address_taken(_EN, "staff@beta.example", "Grand Hotel")
    assert (mail.kind, mail.recipient) == (MailKind.INVITATION, "staff@beta.example")
    assert mail.subject == invitation(_EN, "x@y.example", "Grand Hotel", _LINK, timedelta(1)).subject
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
    mail = password_reset(_EN, "a@alpha.example", "Grand Hotel", _LINK, good_for)
    assert mail.kind is MailKind.PASSWORD_RESET
    assert f"for {words}." in mail.body
    assert "your password stays as it is" in mail.body


def test_a_hand_off_says_where_and_when_and_nothing_that_was_said() -> None:
    mail = handoff(_EN, "desk@alpha.example", "Grand Hotel", Call("204", _AT, _LINK))
    assert (mail.kind, mail.recipient) == (MailKind.HANDOFF, "desk@alpha.example")
    assert mail.subject == "A guest of room 204 waits for a person: Grand Hotel"
    assert "passed a guest of room 204 on to your staff at 22:14 on 28 November 2026." in mail.body
    assert f"\n{_LINK}\n" in mail.body


def test_an_emergency_is_told_as_one_with_the_room_where_there_is_one() -> None:
    mail = emergency(_EN, "desk@alpha.example", "Grand Hotel", Call("204", _AT, _LINK))
    assert (mail.kind, mail.subject) == (MailKind.EMERGENCY, "EMERGENCY reported in room 204: Grand Hotel")
    assert f"\n{_LINK}\n" in mail.body
    nowhere = emergency(_EN, "desk@alpha.example", "Grand Hotel", Call(None, _AT, _LINK))
    assert nowhere.subject == "EMERGENCY reported: Grand Hotel"
    assert "room" not in nowhere.body + handoff(_EN, "d@a.example", "G", Call(None, _AT, _LINK)).body


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("write", [handoff, emergency])
def test_the_longest_names_fit_what_the_database_takes(
    write: Callable[[Texts, str, str, Call], Mail], spoken: str
) -> None:
    t = texts_in(spoken)
    mail = write(t, "desk@alpha.example", "x" * 300, Call("4\r\nBcc: a@x.example" + "y" * 22, _AT, _LINK))
    assert len(mail.subject) <= 200
    assert mail.subject.isprintable()


def test_a_hotel_s_name_makes_no_line_and_no_header() -> None:
    mail = invitation(
        _EN, "a@b.example", "Grand\r\nBcc: all@x.example\u2028\x00" + "x" * 300, _LINK, timedelta(hours=1)
    )
    assert len(mail.subject.splitlines()) == 1
    assert len(mail.subject) <= 200
    assert mail.subject.isprintable()


def test_a_mail_speaks_the_language_that_it_is_told() -> None:
    german, french = texts_in("de"), texts_in("fr")
    mail = invitation(german, "new@alpha.example", "Grand", _LINK, timedelta(hours=72))
    assert mail.subject == "Ihr Zugang zu Grand"
    assert "Der Link gilt einmal, 72 Stunden lang." in mail.body
    mail = password_reset(french, "new@alpha.example", "Grand", _LINK, timedelta(hours=1))
    assert mail.subject == "Un nouveau mot de passe pour Grand"
    assert "pendant une heure." in mail.body
    mail = handoff(german, "desk@alpha.example", "Grand", Call("204", _AT, _LINK))
    assert mail.subject == "Ein Gast aus Zimmer 204 wartet auf das Personal: Grand"
    assert "um 22:14 Uhr am 28. November 2026" in mail.body


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_in_each_language_whoever_needs_it_finds_the_link_on_a_line_of_its_own(spoken: str) -> None:
    t, call = texts_in(spoken), Call("204", _AT, _LINK)
    to, hotel, span = "a@b.example", "Grand", timedelta(hours=2)
    for mail in (
        invitation(t, to, hotel, _LINK, span),
        password_reset(t, to, hotel, _LINK, span),
        handoff(t, to, hotel, call),
        emergency(t, to, hotel, call),
    ):
        assert f"\n{_LINK}\n" in mail.body
        assert hotel in mail.subject
    assert "http" not in address_taken(t, to, hotel).body


def test_a_name_keeps_the_joiner_that_its_script_needs() -> None:
    mail = invitation(_EN, "a@alpha.example", "علی\u200cپور", _LINK, timedelta(hours=1))
    assert mail.subject == "Your access to علی\u200cپور"
