from datetime import timedelta

import pytest

from hotelctl.app.domain.mails import MailKind, address_taken, invitation, password_reset

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


def test_a_hotel_s_name_makes_no_line_and_no_header() -> None:
    mail = invitation(
        "a@b.example", "Grand\r\nBcc: all@x.example\u2028\x00" + "x" * 300, _LINK, timedelta(hours=1)
    )
    assert len(mail.subject.splitlines()) == 1
    assert len(mail.subject) <= 200
    assert mail.subject.isprintable()
