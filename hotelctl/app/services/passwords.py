"""Password hashes: argon2id in threads, never more at once than there are cores."""

import asyncio
import os
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_PASSES = 2
_LANES = 1


class Passwords:
    """Hashes and verifies at one cost; an unknown user costs the same as a wrong password."""

    def __init__(self, memory_kib: int) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=memory_kib, parallelism=_LANES)
        self._dummy = self._hasher.hash(secrets.token_urlsafe())
        self._cores = asyncio.Semaphore(os.cpu_count() or 1)

    def hash_now(self, password: str) -> str:
        """The hash to store; blocks for as long as it takes."""
        return self._hasher.hash(password)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._cores:
            return await asyncio.to_thread(self.hash_now, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; with nothing stored False, after the same work."""
        async with self._cores:
            matches = await asyncio.to_thread(self._matches, stored or self._dummy, password)
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
