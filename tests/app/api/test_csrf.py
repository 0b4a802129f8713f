import secrets
from collections.abc import Callable

import pytest
from fastapi import Request

from hotelctl.app.api import csrf
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.settings import Settings


def _from(headers: dict[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://hotel.example"},
        {},
    ],
)
def test_the_form_of_a_page_whose_address_is_secret_comes_from_here_or_names_no_place(
    headers: dict[str, str], settings_of: Callable[..., Settings]
) -> None:
    csrf.refuse_other_sites(_from(headers), settings_of("postgresql://x@127.0.0.1:1/x"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Origin": "https://evil.example"},
    ],
)
def test_another_site_cannot_send_it(headers: dict[str, str], settings_of: Callable[..., Settings]) -> None:
    with pytest.raises(Forbidden):
        csrf.refuse_other_sites(_from(headers), settings_of("postgresql://x@127.0.0.1:1/x"))


def test_the_form_token_belongs_to_one_session_and_does_not_hold_it() -> None:
    one, other = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    assert csrf.form_token(one) == csrf.form_token(one)
    assert csrf.form_token(one) != csrf.form_token(other)
    assert one not in csrf.form_token(one)
