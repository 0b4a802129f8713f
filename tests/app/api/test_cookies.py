from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Request
from starlette.responses import Response

from hotelctl.app.api.cookies import clear_cookie, cookie_name, is_from_here, set_cookie
from hotelctl.app.settings import Settings

_HTTPS, _HTTP = "https://hotel.example", "http://127.0.0.1:8080"


@pytest.fixture
def at(settings_of: Callable[..., Settings]) -> Callable[[str], Settings]:
    return lambda url: settings_of("postgresql://x@127.0.0.1/x", hotel_public_url=url)


def _request(headers: dict[str, str]) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw})


def test_with_tls_the_cookie_is_bound_to_this_host(at: Callable[[str], Settings]) -> None:
    response = Response()
    set_cookie(response, at(_HTTPS), "t0ken")
    assert cookie_name(at(_HTTPS)) == "__Host-hotel"
    flags = response.headers["Set-Cookie"].split("; ")
    assert set(flags) == {"__Host-hotel=t0ken", "HttpOnly", "Path=/", "SameSite=lax", "Secure"}


def test_without_tls_the_cookie_comes_back_too(at: Callable[[str], Settings]) -> None:
    response = Response()
    set_cookie(response, at(_HTTP), "t0ken")
    assert set(response.headers["Set-Cookie"].split("; ")) == {
        *("hotel=t0ken", "HttpOnly", "Path=/", "SameSite=lax")
    }
    clear_cookie(response, at(_HTTP))
    assert "hotel=" in response.headers.getlist("Set-Cookie")[1]
    assert "Max-Age=0" in response.headers.getlist("Set-Cookie")[1]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": _HTTPS}, False),
        ({"Origin": _HTTPS}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_page_of_another_site_is_known(
    headers: dict[str, Any], expected: object, at: Callable[[str], Settings]
) -> None:
    assert is_from_here(_request(headers), at(_HTTPS)) is expected
