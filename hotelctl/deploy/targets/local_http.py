"""One request to a server on this machine."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from hotelctl.core.lazily import lazily

if TYPE_CHECKING:
    from http import client
else:
    client = lazily("http.client")

_TIMEOUT_S = 5.0
_BODY_LIMIT = 100_000


def get(port: int, path: str) -> tuple[int | None, bytes]:
    """Status and body; None when no answer came."""
    connection = client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read(_BODY_LIMIT)
    except (OSError, client.HTTPException):
        return None, b""
    finally:
        connection.close()


def is_ok(port: int, path: str) -> bool:
    """Whether 200 came."""
    return get(port, path)[0] == HTTPStatus.OK


def tells(port: int, path: str, field: str, value: str) -> bool:
    """Whether 200 came and its JSON says `value`; a body that lacks the field is believed."""
    status, body = get(port, path)
    if status != HTTPStatus.OK:
        return False
    try:
        told = json.loads(body)
    except ValueError:
        return True
    return not isinstance(told, dict) or told.get(field, value) == value
