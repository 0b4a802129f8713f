from hotelctl.checks.security.exchanges import headers_of, with_words
from tests.checks.security.answers import asked


def test_the_headers_in_question_are_shown_and_their_absence_too() -> None:
    shown = headers_of(asked(headers={"server": "x/1.2"}), ("server", "retry-after"))
    assert (shown.method, shown.status, shown.excerpt) == ("GET", 200, "server: x/1.2\nretry-after: (none)")


def test_what_was_sent_stands_before_what_came() -> None:
    shown = with_words(asked("POST /mine?a=1", 500, body="oh", sent="no token"))
    assert shown.excerpt == "POST /mine?a=1 with no token\noh"
    assert shown.url.endswith("/mine?a=1")
