import secrets

from hotelctl.app.api import csrf


def test_the_form_token_belongs_to_one_session_and_does_not_hold_it() -> None:
    one, other = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    assert csrf.form_token(one) == csrf.form_token(one)
    assert csrf.form_token(one) != csrf.form_token(other)
    assert one not in csrf.form_token(one)
