"""Whether two operations mean the same database, by what their journals' headers hold of it."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

_PLAIN, _KEYED = "database_sha256", "database"
_DIGITS = 16


def database_marks(identity: str | None, mark: Callable[[str], str]) -> dict[str, str | None]:
    """What a header holds of the database `identity` (server, port and name), which is no secret.

    The digest needs no key, so that a lost `.hotelctl/key` does not make every database another one. Journals
    of earlier versions hold the keyed hash alone.
    """
    if identity is None:
        return {_PLAIN: None, _KEYED: None}
    return {_PLAIN: hashlib.sha256(identity.encode()).hexdigest()[:_DIGITS], _KEYED: mark(identity)}


def is_another_database(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the header `now` names another database than `then`, which may name none."""
    kind = _PLAIN if then.get(_PLAIN) and _PLAIN in now else _KEYED
    return then.get(kind) not in (None, now.get(kind))
