from ipaddress import ip_network
from typing import Any

import pytest

from hotelctl.app.api.client import client_ip, request_id

_TRUSTED = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))


def _scope(peer: str | None, *forwarded: str, given_id: str | None = None) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    if given_id:
        headers.append((b"x-request-id", given_id.encode()))
    return {"client": (peer, 1) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("6.6.6.6", "198.51.100.1, 10.0.0.7"), "198.51.100.1"),
        ("127.0.0.1", ("10.0.0.7",), "10.0.0.7"),
        ("127.0.0.1", ("nonsense",), "unknown"),
        ("127.0.0.1", ("2001:DB8::1",), "2001:db8::1"),
        ("127.0.0.1", (), "127.0.0.1"),
        (None, ("198.51.100.1",), "unknown"),
    ],
)
def test_the_client_is_the_last_hop_that_nobody_vouches_for(
    peer: str | None, forwarded: tuple[str, ...], expected: str
) -> None:
    assert client_ip(_scope(peer, *forwarded), _TRUSTED) == expected


def test_a_request_id_is_taken_from_a_proxy_only() -> None:
    assert request_id(_scope("127.0.0.1", given_id="abcd-1234"), _TRUSTED) == "abcd-1234"
    assert request_id(_scope("203.0.113.9", given_id="abcd-1234"), _TRUSTED) != "abcd-1234"
    for odd in ("short", "with space", "x" * 65, "line\nbreak"):
        assert request_id(_scope("127.0.0.1", given_id=odd), _TRUSTED) != odd
