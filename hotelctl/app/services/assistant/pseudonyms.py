"""What a model elsewhere is told instead of who asks."""

import hashlib
import hmac
from collections.abc import Callable

from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.keyring import Keyring

_PURPOSE = b"hotel-assistant/pseudonym"


class Pseudonyms:
    """A name for each asker: the same on every instance and in every release, until another key signs.

    The provider can tell callers apart. Who knows the ids of a hotel's people and sessions, as the provider
    may, cannot lead a name back without the installation's own key.
    """

    def __init__(self, keys: Callable[[], Keyring]) -> None:
        self._keys = keys

    def of(self, asker: Asker) -> str:
        """32 hexadecimal digits."""
        secret = self._keys().secret_for(_PURPOSE)
        caller = f"{asker.hotel_id}/{asker.key}".encode()
        return hmac.new(secret, caller, hashlib.sha256).hexdigest()[:32]
