"""Who sent a request, when proxies stand between."""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from uuid import uuid4

from starlette.types import Scope

from hotelctl.app.logs import current_request
from hotelctl.app.services.passes import Device
from hotelctl.app.settings import Network
from hotelctl.app.store.session_log import address

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_USER_AGENT_LENGTH = 400
UNKNOWN_CLIENT = "unknown"


# The same few clients and proxies come again and again.
@lru_cache(maxsize=4096)
def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _header(scope: Scope, name: bytes) -> str:
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ",".join(values)


def client_ip(scope: Scope, trusted: Sequence[Network]) -> str:
    """The address right-most in X-Forwarded-For that is no trusted proxy; the peer if it is none itself."""
    peer = scope["client"][0] if scope.get("client") else UNKNOWN_CLIENT
    hops = [hop.strip() for hop in _header(scope, b"x-forwarded-for").split(",") if hop.strip()]
    address = peer
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    parsed = _parsed(address)
    return UNKNOWN_CLIENT if parsed is None else str(parsed)


def user_agent(scope: Scope) -> str | None:
    """What the client calls itself, cut to what is kept of it."""
    return _header(scope, b"user-agent")[:_USER_AGENT_LENGTH] or None


def device() -> Device:
    """Where the request under way comes from."""
    record = current_request.get()
    return Device(address(record.client_ip), record.user_agent) if record else Device()


def caller_ip() -> str:
    """The address that counts for limits."""
    record = current_request.get()
    return record.client_ip if record else UNKNOWN_CLIENT


def request_id(scope: Scope, trusted: Sequence[Network]) -> str:
    """The id a trusted proxy gave, else a new one."""
    given = _header(scope, b"x-request-id")
    peer = scope["client"][0] if scope.get("client") else UNKNOWN_CLIENT
    return given if _REQUEST_ID.match(given) and _is_trusted(peer, trusted) else uuid4().hex
