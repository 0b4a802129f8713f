"""One request to a server on this machine."""

import json
from collections.abc import Callable
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


def asking(port: int, path: str, field: str, value: str) -> Callable[[], bool]:
    """Asks whether 200 comes and its JSON says `value`; a body that lacks the field is believed.

    All that a question takes is read before the first one, which may be about something that is measured.
    """
    client.HTTPConnection.__doc__  # noqa: B018 - the module is read
    return lambda: _tells(port, path, field, value)


def _tells(port: int, path: str, field: str, value: str) -> bool:
    status, body = get(port, path)
    if status != HTTPStatus.OK:
        return False
    try:
        told = json.loads(body)
    except ValueError:
        return True
    return not isinstance(told, dict) or told.get(field, value) == value
